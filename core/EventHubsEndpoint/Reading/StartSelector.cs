using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using ServerlessRec.Embedded.Feedback;

namespace ServerlessRec.EventHubsEndpoint.Reading;

/// <summary>Where a reader starts: the first sequence number it gets, and the time before which it wants nothing.</summary>
/// <param name="Sequence">The first sequence number.</param>
/// <param name="After">Events accepted up to then are passed over.</param>
internal readonly partial record struct StartSelector(long Sequence, DateTimeOffset After)
{
    /// <summary>Reads the selector of a source; without one a reader starts at the oldest event.</summary>
    /// <exception cref="AmqpException">It is no selector that Event Hubs' clients send.</exception>
    public static StartSelector Of(Source source, PartitionRange range)
    {
        if (source.FilterSet is not { } filters || !filters.TryGetValue<object>(EventNames.Selector, out var filter))
        {
            return new(range.Begin, default);
        }

        var text = (filter as DescribedType)?.Value as string ?? filter as string ?? "";
        var match = Form().Match(text);
        if (!match.Success)
        {
            throw new AmqpException(AmqpErrorCode.InvalidField, $"'{text}' is no selector such as amqp.annotation.x-opt-offset > '-1'.");
        }

        var value = match.Groups["value"].Value;
        if (value == "@latest")
        {
            return new(range.Next, default);
        }

        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw new AmqpException(AmqpErrorCode.InvalidField, $"'{value}' is no position of this log: its offsets are its sequence numbers.");
        }

        // Offsets are sequence numbers here.
        return match.Groups["name"].Value == "enqueued-time"
            ? new(range.Begin, DateTimeOffset.FromUnixTimeMilliseconds(number))
            : new(Math.Max(range.Begin, match.Groups["inclusive"].Success ? number : number + 1), default);
    }

    [GeneratedRegex(@"^\s*amqp\.annotation\.x-opt-(?<name>offset|sequence-number|enqueued-time)\s*>(?<inclusive>=)?\s*'?(?<value>[^'\s]+)'?\s*$")]
    private static partial Regex Form();
}
