namespace ServerlessRec.FunctionsHost.Doors;

/// <summary>A process that serves the application, however it is reached.</summary>
internal interface IDoor : IAsyncDisposable
{
    /// <summary>Calls the API as a client outside does.</summary>
    HttpClient Client { get; }

    /// <summary>What the process wrote.</summary>
    string Output { get; }
}
