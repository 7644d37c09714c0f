using ServerlessRec.Azure;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Recommender.Rebuilding;

namespace ServerlessRec.CrashWriter;

/// <summary>Rebuilds the release of a storage account; a line for each call of the blob store, and one with what became of the rebuild.</summary>
public static class RebuildWriter
{
    public const string Result = "result ";

    /// <param name="connection">Connection string of the account.</param>
    /// <param name="container">Container of the release.</param>
    /// <param name="forEver">Again and again, although nothing changed.</param>
    public static async Task RunAsync(string connection, string container, bool forEver)
    {
        var store = await AzureStore.OpenAsync(new StoreSettings { Address = StoreAddress.Parse(connection), Container = container }, default);
        var rebuilder = new Rebuilder(new TracedBlobs(store.Blobs), new RebuildOptions { Threads = 1, RecallQueries = 20 }, TimeProvider.System);
        do
        {
            var outcome = await rebuilder.RunAsync(evenIfUpToDate: forEver);
            Console.Out.WriteLine($"{Result}{outcome.Result}");
            Console.Out.Flush();
        }
        while (forEver);
    }
}
