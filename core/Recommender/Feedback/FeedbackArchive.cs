using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>
/// Keeps every valid event for training: append blobs `feedback/{yyyy}/{MM}/{dd}/{HH}/p{partition}.jsonl` by the hour the log accepted it,
/// a line an event: Partition, Sequence, AcceptedAt, Feedback. No event is missing; one that was delivered twice may stand twice, which
/// <see cref="FeedbackArchiveReader"/> skips. Thread-safe.
/// </summary>
public sealed class FeedbackArchive(IBlobStore blobs)
{
    /// <summary>Where the archive lies.</summary>
    public const string Prefix = "feedback/";

    private readonly RollingAppends _appends = new(blobs);

    /// <summary>Appends events: one append an hour and partition. Durable when this returns.</summary>
    /// <param name="events">Valid events in the order they came.</param>
    /// <param name="cancellationToken">Stops between appends.</param>
    public async ValueTask AppendAsync(IReadOnlyList<RawFeedback> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (var (stem, lines) in Lines(events))
        {
            await _appends.AppendAsync(stem, lines.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes the hours that ended before <paramref name="time"/>. Returns how many blobs that were.</summary>
    public async Task<int> PruneAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        var deleted = 0;
        await foreach (var blob in blobs.ListAsync(Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (ArchivePath.Parse(blob.Path) is { } path && path.Hour.AddHours(1) <= time
                && await blobs.DeleteAsync(blob.Path, cancellationToken).ConfigureAwait(false))
            {
                deleted++;
            }
        }

        return deleted;
    }

    private static Dictionary<string, ArrayBufferWriter<byte>> Lines(IReadOnlyList<RawFeedback> batch)
    {
        var byStem = new Dictionary<string, ArrayBufferWriter<byte>>(1, StringComparer.Ordinal);
        var writer = new Utf8JsonWriter(Stream.Null, new JsonWriterOptions { SkipValidation = true });
        (int Partition, long Hour, ArrayBufferWriter<byte>? Lines) last = default;
        foreach (var raw in batch)
        {
            var hour = raw.AcceptedAt.UtcTicks / TimeSpan.TicksPerHour;
            if (last.Lines is null || last.Partition != raw.Partition || last.Hour != hour)
            {
                var stem = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{raw.AcceptedAt.UtcDateTime:yyyy/MM/dd/HH}/p{raw.Partition}");
                if (!byStem.TryGetValue(stem, out var lines))
                {
                    byStem.Add(stem, lines = new ArrayBufferWriter<byte>(batch.Count * 256));
                }

                last = (raw.Partition, hour, lines);
            }

            writer.Reset(last.Lines);
            WriteLine(raw, writer, last.Lines);
        }

        return byStem;
    }

    private static void WriteLine(in RawFeedback raw, Utf8JsonWriter writer, ArrayBufferWriter<byte> lines)
    {
        writer.WriteStartObject();
        writer.WriteNumber("Partition"u8, raw.Partition);
        writer.WriteNumber("Sequence"u8, raw.Sequence);
        writer.WriteString("AcceptedAt"u8, raw.AcceptedAt.UtcDateTime);
        writer.WritePropertyName("Feedback"u8);
        writer.WriteRawValue(OneLine(raw.Payload).Span, skipInputValidation: true);
        writer.WriteEndObject();
        writer.Flush();
        lines.Write("\n"u8);
    }

    // Line breaks in valid JSON stand only between its tokens, where a space means the same.
    private static ReadOnlyMemory<byte> OneLine(ReadOnlyMemory<byte> json)
    {
        if (!json.Span.ContainsAny((byte)'\n', (byte)'\r'))
        {
            return json;
        }

        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
