using System.Text;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.CrashWriter;

/// <summary>Rewrites one blob of 100,000 bytes, each time over the version before; a line "n etag" says that version n was acknowledged.</summary>
public static class BlobWriter
{
    public const string Path = "folder/current.json";

    public static byte[] Version(int n) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"{n,10}", 10_000)));

    public static async Task RunAsync(string folder)
    {
        using var store = EmbeddedStore.Open(folder, TimeProvider.System);
        var etag = (await store.Blobs.GetPropertiesAsync(Path, default))?.ETag;
        for (var n = 0; ; n++)
        {
            var condition = etag is null ? WriteCondition.MustNotExist : WriteCondition.Matches(etag);
            etag = await store.Blobs.WriteAsync(Path, new MemoryStream(Version(n)), condition, default);
            Console.Out.WriteLine($"{n} {etag}");
            Console.Out.Flush();
        }
    }
}
