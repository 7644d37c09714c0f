using ServerlessRec.Azure;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Azurite;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Benchmarks.OnAzurite;

/// <summary>An Azurite of its own with an empty store in it, for one measurement; gone afterwards. It shares the machine with what is measured.</summary>
internal sealed class AzuriteWorld : IAsyncDisposable
{
    private readonly AzuriteServer _server;

    private AzuriteWorld(AzuriteServer server, AzureStore store) => (_server, Store) = (server, store);

    public AzureStore Store { get; }

    /// <summary>What <c>--store</c> takes.</summary>
    public string ConnectionString => _server.ConnectionString;

    /// <summary>Processor time that Azurite has taken.</summary>
    public TimeSpan ProcessorTime => _server.ProcessorTime;

    public static StoreSettings SettingsOf(string connectionString) => new() { Address = StoreAddress.Parse(connectionString) };

    /// <exception cref="InvalidOperationException">There is no npm here, or Azurite does not start.</exception>
    public static async Task<AzuriteWorld> StartAsync(CancellationToken cancellationToken)
    {
        if (AzuriteServer.Missing is { } missing)
        {
            throw new InvalidOperationException(missing);
        }

        var server = await AzuriteServer.StartAsync(cancellationToken);
        try
        {
            return new AzuriteWorld(server, await AzureStore.OpenAsync(SettingsOf(server.ConnectionString), cancellationToken));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Copies every blob below a prefix, or the one with that path.</summary>
    public async Task CopyAsync(IBlobStore from, string prefix, CancellationToken cancellationToken)
    {
        await foreach (var blob in from.ListAsync(prefix, cancellationToken))
        {
            await using var content = (await from.OpenReadAsync(blob.Path, cancellationToken))!;
            await Store.Blobs.WriteAsync(blob.Path, content, WriteCondition.None, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
