using System.Text;
using ServerlessRec.Embedded;

namespace ServerlessRec.CrashWriter;

/// <summary>Appends lines of 50,000 characters to one blob; a line "position" says up to where it was acknowledged.</summary>
public static class AppendWriter
{
    public const string Path = "catalog/log/1";
    public const int LineLength = 50_000;

    public static async Task RunAsync(string folder)
    {
        using var store = EmbeddedStore.Open(folder, TimeProvider.System);
        for (var n = 0; ; n++)
        {
            var line = Encoding.ASCII.GetBytes(new string((char)('a' + (n % 26)), LineLength - 1) + "\n");
            var position = await store.Blobs.AppendAsync(Path, line, null, default);
            Console.Out.WriteLine(position);
            Console.Out.Flush();
        }
    }
}
