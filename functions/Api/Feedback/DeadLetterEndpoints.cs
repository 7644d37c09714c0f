using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Api.Feedback;

/// <summary>Feedback that could never be applied: what it was, why, and sending it again.</summary>
internal sealed class DeadLetterEndpoints(DeadLetters letters, IFeedbackLog log)
{
    /// <summary>The first n letters that were not replayed, with place and reason.</summary>
    public async Task ListAsync(HttpContext context)
    {
        var count = QueryValues.Count(context, min: 1);
        var list = new List<DeadLetter>(count);
        await foreach (var letter in letters.ListAsync(context.RequestAborted))
        {
            if (list.Count == count)
            {
                break;
            }

            list.Add(letter);
        }

        await JsonAnswer.WriteAsync(context, list, Write);
    }

    /// <summary>Sends those that are valid by today's rules to the log again; the others stay.</summary>
    public async Task ReplayAsync(HttpContext context) =>
        await RowsAffected.WriteAsync(context, await letters.ReplayAsync(log, context.RequestAborted));

    private static void Write(Utf8JsonWriter writer, List<DeadLetter> list)
    {
        writer.WriteStartArray();
        foreach (var (raw, reason) in list)
        {
            writer.WriteStartObject();
            writer.WriteNumber("Partition"u8, raw.Partition);
            writer.WriteNumber("Sequence"u8, raw.Sequence);
            writer.WriteString("AcceptedAt"u8, raw.AcceptedAt.UtcDateTime);
            writer.WriteString("Reason"u8, reason);
            writer.WriteString("Payload"u8, Encoding.UTF8.GetString(raw.Payload.Span));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
