using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback.Parking;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>
/// Events that can never be applied, in append blobs `dead-letters/{yyyy}/{MM}/{dd}/p{partition}.jsonl` by the day the log accepted them;
/// what was replayed is noted in `dead-letters/replayed.jsonl`. Thread-safe.
/// </summary>
public sealed class DeadLetters(IBlobStore blobs)
{
    private const string Prefix = "dead-letters/";
    private const string Replayed = Prefix + "replayed";

    private readonly RollingAppends _appends = new(blobs);

    /// <summary>Keeps letters; durable when this returns. The same letter may be kept twice; a list holds it once.</summary>
    public async ValueTask AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letters);
        foreach (var day in letters.GroupBy(StemOf, StringComparer.Ordinal))
        {
            var lines = new ArrayBufferWriter<byte>();
            foreach (var letter in day)
            {
                DeadLetterLine.Write(letter, lines);
            }

            await _appends.AppendAsync(day.Key, lines.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Letters that were not replayed, each once, day by day.</summary>
    public async IAsyncEnumerable<DeadLetter> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = new HashSet<EventPlace>();
        await foreach (var letter in ReadAsync(Replayed, cancellationToken).ConfigureAwait(false))
        {
            known.Add(EventPlace.Of(letter.Raw));
        }

        await foreach (var letter in ReadAsync(Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (known.Add(EventPlace.Of(letter.Raw)))
            {
                yield return letter;
            }
        }
    }

    /// <summary>
    /// Sends letters that are valid by today's rules to the log again, once: a replay that was interrupted and repeated does no harm.
    /// Returns how many were sent; the others stay.
    /// </summary>
    /// <exception cref="FeedbackLogException">The log is away; nothing is lost, replay again.</exception>
    public async Task<int> ReplayAsync(IFeedbackLog log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(log);
        var sent = 0;
        await foreach (var letter in ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (FeedbackJson.Read(letter.Raw.Payload.Span, letter.Raw.AcceptedAt).Feedback is not { } feedback)
            {
                continue;
            }

            var eventId = feedback.EventId ?? string.Create(
                CultureInfo.InvariantCulture, $"replay-{letter.Raw.Partition}-{letter.Raw.Sequence}-{letter.Raw.AcceptedAt.ToUnixTimeMilliseconds()}");
            await log.AppendAsync([feedback with { EventId = eventId }], cancellationToken).ConfigureAwait(false);
            var line = new ArrayBufferWriter<byte>();
            DeadLetterLine.Write(letter with { Raw = letter.Raw with { Payload = default } }, line);
            await _appends.AppendAsync(Replayed, line.WrittenMemory, cancellationToken).ConfigureAwait(false);
            sent++;
        }

        return sent;
    }

    private static string StemOf(DeadLetter letter) => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}{letter.Raw.AcceptedAt.UtcDateTime:yyyy/MM/dd}/p{letter.Raw.Partition}");

    private async IAsyncEnumerable<DeadLetter> ReadAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in blobs.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (await blobs.OpenReadAsync(blob.Path, cancellationToken).ConfigureAwait(false) is not { } stream)
            {
                continue;
            }

            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                yield return DeadLetterLine.Read(line) ?? throw new BlobStoreException($"Blob '{blob.Path}' holds a line that is no dead letter.");
            }
        }
    }
}
