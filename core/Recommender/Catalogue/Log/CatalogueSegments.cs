using System.Globalization;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Catalogue.Log;

/// <summary>The append blobs of the catalogue log. A segment is named by the position of its first byte; the last one is open.</summary>
internal static class CatalogueSegments
{
    public const string Prefix = "catalog/log/";

    /// <summary>
    /// A segment this long is closed: nobody appends to it any more. An append blob takes 50,000 blocks and a change is never shorter than 42
    /// bytes, so that a segment is closed before its blocks run out.
    /// </summary>
    public const int ClosedLength = 2 << 20;

    private const string Suffix = ".log";

    public static string Path(long start) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{start:D19}{Suffix}");

    public static long? StartOf(string path) =>
        path.StartsWith(Prefix, StringComparison.Ordinal) && path.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(path.AsSpan(Prefix.Length, path.Length - Prefix.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? start
            : null;

    /// <summary>All segments, oldest first.</summary>
    public static async Task<List<(long Start, long Length)>> ListAsync(IBlobStore blobs, CancellationToken cancellationToken)
    {
        var segments = new List<(long Start, long Length)>();
        await foreach (var blob in blobs.ListAsync(Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (StartOf(blob.Path) is { } start)
            {
                segments.Add((start, blob.Length));
            }
        }

        return segments;
    }
}
