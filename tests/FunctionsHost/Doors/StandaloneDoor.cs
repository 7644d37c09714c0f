using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.FunctionsHost.Doors;

/// <summary>The Kestrel process, called directly.</summary>
internal sealed class StandaloneDoor : IDoor
{
    private readonly ChildProcess _process;

    private StandaloneDoor(ChildProcess process, HttpClient client) => (_process, Client) = (process, client);

    public HttpClient Client { get; }

    public string Output => _process.Output;

    public static async Task<StandaloneDoor> OpenAsync(string store)
    {
        var process = ChildProcess.Start("dotnet", [Repository.Standalone, "--port", "0"], environment: DoorSettings.Environment(store));
        var address = await process.WaitForAsync("Listening on ");
        return new StandaloneDoor(process, new HttpClient { BaseAddress = new Uri(address) });
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }
}
