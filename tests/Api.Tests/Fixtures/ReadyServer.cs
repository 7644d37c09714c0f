namespace ServerlessRec.Api.Tests.Fixtures;

/// <summary>A server with the tiny release and its users, shared by the tests of a class that only read.</summary>
public sealed class ReadyServer : IAsyncLifetime
{
    private TestServer? _server;

    public HttpClient Client => Server.Client;

    public Uri Address => Server.Address;

    internal TestServer Server => _server ?? throw new InvalidOperationException("The fixture was not started.");

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await TinyRelease.PublishAsync(_server.Blobs);
        await TinyRelease.AddUsersAsync(_server.Users);
        await _server.WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
