using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Feedback;

/// <summary>The parameters write-back-type and write-back-delay of a recommendation: what was recommended becomes feedback itself.</summary>
/// <param name="Type">Feedback type to write.</param>
/// <param name="Delay">Added to the time of the feedback.</param>
internal sealed record WriteBack(string Type, TimeSpan Delay)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1)];

    /// <summary>What the query asks for; null when nothing.</summary>
    public static WriteBack? Read(HttpContext context)
    {
        var type = QueryValues.Single(context, "write-back-type");
        var delay = QueryValues.Single(context, "write-back-delay");
        if (type is null)
        {
            return delay is null ? null : throw RequestException.Invalid("write-back-type", "write-back-delay needs write-back-type.");
        }

        var duration = delay is null ? TimeSpan.Zero : ParseDuration(delay)
            ?? throw RequestException.Invalid("write-back-delay", "write-back-delay must be a duration such as 1h30m0s, at most 8760h.");
        return new WriteBack(Identifiers.Check(type, "write-back-type", null, Identifiers.MaxFeedbackType), duration);
    }

    /// <summary>The feedback to append.</summary>
    public List<FeedbackEvent> Events(string userId, IReadOnlyList<ScoredItem> items, DateTimeOffset now) =>
        [.. items.Select(item => new FeedbackEvent { FeedbackType = Type, UserId = userId, ItemId = item.Id, Timestamp = now + Delay })];

    // The form of Go's durations, which Gorse takes.
    private static TimeSpan? ParseDuration(string text)
    {
        var seconds = 0.0;
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            rest = rest[digits..];
            var length = 0;
            foreach (var (unit, factor) in Units)
            {
                if (rest.StartsWith(unit, StringComparison.Ordinal))
                {
                    seconds += number * factor;
                    length = unit.Length;
                    break;
                }
            }

            if (length == 0)
            {
                return null;
            }

            rest = rest[length..];
        }

        return seconds <= TimeSpan.FromDays(365).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
