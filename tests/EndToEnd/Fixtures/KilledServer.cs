namespace ServerlessRec.EndToEnd.Fixtures;

/// <summary>A server over one store that is killed and started again, at another port each time.</summary>
internal sealed class KilledServer(string store, IReadOnlyDictionary<string, string>? environment = null) : IAsyncDisposable
{
    private ChildProcess? _process;

    /// <summary>Where it answers; null while it is down.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Starts the process; it need not listen yet.</summary>
    public void Start() => _process =
        ChildProcess.Start("dotnet", [Repository.Standalone, "--store", store, "--port", "0"], environment: environment);

    /// <summary>Waits until it is ready.</summary>
    public async Task WaitUntilReadyAsync()
    {
        Address = new Uri(await _process!.WaitForAsync("Listening on "));
        using var client = new HttpClient { BaseAddress = Address };
        await Waiting.UntilReadyAsync(client);
    }

    /// <summary>SIGKILL, whatever it is doing; returns when the process is gone.</summary>
    public async Task KillAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Address = null;
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            await process.DisposeAsync();
        }
    }
}
