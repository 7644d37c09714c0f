using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Feedback.Parking;

/// <summary>
/// Events that could not be applied for now, in blobs `parked/{time}-{id}.jsonl`; those that a process died of, in `parked/suspects/`. A blob is
/// written whole and never changed: whoever tries its events again parks what fails once more, and only then removes it. So no event is missing
/// whatever dies in between, and one that stands twice does no harm. Thread-safe.
/// </summary>
public sealed class FeedbackParking(IBlobStore blobs, TimeProvider clock)
{
    private const string Prefix = "parked/";
    private const string Suspects = Prefix + "suspects/";
    private const string LeaseName = "replay-parked";

    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    /// <summary>Parks events, at least one; durable when this returns.</summary>
    /// <param name="events">Any users and partitions.</param>
    /// <param name="areSuspects">Processes died of them: each is tried alone.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    /// <exception cref="BlobStoreException">They are not parked.</exception>
    public async ValueTask ParkAsync(IReadOnlyList<ParkedFeedback> events, bool areSuspects, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        var lines = new ArrayBufferWriter<byte>(events.Count * 256);
        foreach (var parked in events)
        {
            DeadLetterLine.Write(new DeadLetter(parked.Raw, parked.Reason), lines);
        }

        // Later ones last, so that events that fail again and again do not stand in the way of others.
        var path = string.Create(
            CultureInfo.InvariantCulture, $"{(areSuspects ? Suspects : Prefix)}{clock.GetUtcNow().UtcTicks:D19}-{Guid.NewGuid():N}.jsonl");
        using var content = new MemoryStream(lines.WrittenSpan.ToArray(), writable: false);
        await blobs.WriteAsync(path, content, WriteCondition.MustNotExist, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Everything that is parked, the longest parked first; an event may stand twice.</summary>
    public async IAsyncEnumerable<ParkedFeedback> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in await PathsAsync(null, cancellationToken).ConfigureAwait(false))
        {
            foreach (var parked in await ReadAsync(path, cancellationToken).ConfigureAwait(false))
            {
                yield return parked;
            }
        }
    }

    /// <summary>Blobs of suspects, of all others, or of both (null).</summary>
    internal async Task<IReadOnlyList<string>> PathsAsync(bool? areSuspects, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        await foreach (var blob in blobs.ListAsync(areSuspects == true ? Suspects : Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (areSuspects is not false || !blob.Path.StartsWith(Suspects, StringComparison.Ordinal))
            {
                paths.Add(blob.Path);
            }
        }

        return paths;
    }

    /// <summary>A blob's events; none where it is gone.</summary>
    /// <exception cref="BlobStoreException">The store is away, or the blob is damaged.</exception>
    internal async Task<IReadOnlyList<ParkedFeedback>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (await blobs.OpenReadAsync(path, cancellationToken).ConfigureAwait(false) is not { } stream)
        {
            return [];
        }

        using var lines = new StreamReader(stream);
        var events = new List<ParkedFeedback>();
        while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            var read = DeadLetterLine.Read(line) ?? throw new BlobStoreException($"Blob '{path}' holds a line that is no parked event.");
            events.Add(new ParkedFeedback(read.Raw, read.Reason));
        }

        return events;
    }

    /// <summary>Removes a blob whose events are done, or parked again.</summary>
    internal async ValueTask RemoveAsync(string path, CancellationToken cancellationToken) =>
        await blobs.DeleteAsync(path, cancellationToken).ConfigureAwait(false);

    /// <summary>Over all processes one tries again at a time; null: another one does.</summary>
    internal Task<HeldLease?> TryLeaseAsync(CancellationToken cancellationToken) =>
        HeldLease.AcquireAsync(blobs, LeaseName, LeaseDuration, TimeSpan.Zero, clock, null, cancellationToken);
}
