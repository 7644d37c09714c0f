namespace ServerlessRec.EndToEnd.Fixtures;

/// <summary>A store that the real command line trained on a small demo set, and a server over it; made once for all tests.</summary>
public sealed class TrainedStore : IAsyncLifetime
{
    private ChildProcess? _server;

    /// <summary>The store's folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("serverlessrec-e2e-").FullName;

    public string Data => Path.Combine(Folder, "data");

    public HttpClient Client { get; private set; } = new();

    public Uri Address => Client.BaseAddress!;

    /// <summary>The connection string under which Event Hubs clients reach the server.</summary>
    public string EventHubs { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await ChildProcess.RunAsync("dotnet", [Repository.Training, "demo-data", "--out", Data, .. SmallDemo]);
        await ChildProcess.RunAsync("dotnet", [Repository.Training, "train", "--data", Data, "--store", Folder, .. ShortTraining]);
        _server = ChildProcess.Start("dotnet", [Repository.Standalone, "--store", Folder, "--port", "0", "--eventhubs-port", "0"]);
        EventHubs = "Endpoint=" + await _server.WaitForAsync(" at Endpoint=");
        var address = await _server.WaitForAsync("Listening on ");
        Client.BaseAddress = new Uri(address);
        await Waiting.UntilReadyAsync(Client);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string[] SmallDemo => ["--users", "1000", "--items", "600", "--days", "14"];

    private static string[] ShortTraining => ["--epochs", "3"];
}
