using System.Runtime.CompilerServices;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>Reads the archive for training: every event once, also where it was delivered or sent twice.</summary>
public sealed class FeedbackArchiveReader(IBlobStore blobs)
{
    /// <summary>Lines that were no feedback and were passed over in the last read.</summary>
    public int MalformedLines { get; private set; }

    /// <summary>Events accepted from <paramref name="from"/>'s hour to <paramref name="to"/>'s hour, hour by hour, partition by partition.</summary>
    public async IAsyncEnumerable<LoggedFeedback> ReadAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MalformedLines = 0;
        var eventIds = new HashSet<ulong>();
        var places = new HashSet<(long Sequence, DateTimeOffset AcceptedAt)>();
        string? group = null;
        await foreach (var blob in blobs.ListAsync(FeedbackArchive.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (ArchivePath.Parse(blob.Path) is not { } path || !path.IsWithin(from, to))
            {
                continue;
            }

            // A redelivered event has the same hour and partition; blobs of one such pair follow each other.
            if (group != path.Stem)
            {
                (group, places) = (path.Stem, []);
            }

            await foreach (var logged in ReadBlobAsync(blob.Path, cancellationToken).ConfigureAwait(false))
            {
                var eventId = EventIdHash.Of(logged.Event.EventId);
                if (places.Add((logged.Sequence, logged.AcceptedAt)) && (eventId == 0 || eventIds.Add(eventId)))
                {
                    yield return logged;
                }
            }
        }
    }

    private async IAsyncEnumerable<LoggedFeedback> ReadBlobAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = await blobs.OpenReadAsync(path, cancellationToken).ConfigureAwait(false);
        if (stream is null)
        {
            yield break;
        }

        using var lines = new StreamReader(stream, bufferSize: 64 << 10);
        while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (ArchiveLine.Read(System.Text.Encoding.UTF8.GetBytes(line)) is { } logged)
            {
                yield return logged;
            }
            else
            {
                MalformedLines++;
            }
        }
    }
}
