using System.Text.Json;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Feedback.Parking;

/// <summary>
/// What processes have under way that might have killed the one before, in small blobs `suspects/{scope}.json`: a mark that nobody removed was
/// left by a death. A count in memory would die with it. Thread-safe.
/// </summary>
public sealed class SuspectList(IBlobStore blobs)
{
    private const string Prefix = "suspects/";

    /// <summary>The mark of a scope; null: nothing was under way.</summary>
    internal async Task<SuspectMark?> ReadAsync(string scope, CancellationToken cancellationToken)
    {
        if (await blobs.ReadAsync(Path(scope), cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(found.Bytes.Span, SuspectJson.Default.SuspectMark);
        }
        catch (JsonException)
        {
            // A mark only raises suspicion: without it a few more deaths find the event.
            return null;
        }
    }

    /// <summary>Replaces the mark; durable when this returns. Null removes it.</summary>
    internal async Task WriteAsync(string scope, SuspectMark? mark, CancellationToken cancellationToken)
    {
        if (mark is null)
        {
            await blobs.DeleteAsync(Path(scope), cancellationToken).ConfigureAwait(false);
            return;
        }

        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(mark, SuspectJson.Default.SuspectMark), writable: false);
        await blobs.WriteAsync(Path(scope), content, WriteCondition.None, cancellationToken).ConfigureAwait(false);
    }

    private static string Path(string scope) => $"{Prefix}{scope}.json";
}
