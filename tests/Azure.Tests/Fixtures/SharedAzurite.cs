using ServerlessRec.Azure.Settings;
using ServerlessRec.Azure.Tests.Fixtures;
using ServerlessRec.Azurite;

[assembly: AssemblyFixture(typeof(SharedAzurite))]

namespace ServerlessRec.Azure.Tests.Fixtures;

/// <summary>One Azurite for all tests of this program; every test has a container and a table of its own in it.</summary>
public sealed class SharedAzurite : IAsyncLifetime
{
    private AzuriteServer? _server;
    private int _stores;

    public async ValueTask InitializeAsync()
    {
        if (AzuriteServer.Missing is null)
        {
            _server = await AzuriteServer.StartAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Settings of an empty store. Without Azurite the test is skipped; where everything must be there, as in CI, it fails.</summary>
    internal StoreSettings NewStore()
    {
        if (_server is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", AzuriteServer.Missing);
            Assert.Skip(AzuriteServer.Missing!);
        }

        var number = Interlocked.Increment(ref _stores);
        return new StoreSettings
        {
            Address = StoreAddress.Parse(_server.ConnectionString),
            Container = $"test-{number}",
            UsersTable = $"users{number}",
        };
    }
}
