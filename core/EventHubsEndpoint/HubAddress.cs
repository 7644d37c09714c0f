using System.Globalization;

namespace ServerlessRec.EventHubsEndpoint;

/// <summary>What a link is attached to.</summary>
/// <param name="Hub">The hub.</param>
/// <param name="ConsumerGroup">The group a reader belongs to; null for publishers.</param>
/// <param name="Partition">The partition; null: the endpoint chooses, by partition key.</param>
internal readonly record struct HubAddress(string Hub, string? ConsumerGroup, int? Partition)
{
    /// <summary>
    /// Reads `HUB`, `HUB/Partitions/N` and `HUB/ConsumerGroups/GROUP/Partitions/N`, with or without the endpoint's address before it; null for
    /// anything else.
    /// </summary>
    public static HubAddress? Parse(string address)
    {
        var path = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "sb" ? uri!.AbsolutePath : address;
        return path.Trim('/').Split('/') switch
        {
            [{ Length: > 0 } hub] => new HubAddress(hub, null, null),
            [var hub, var partitions, var number] when Is(partitions, "Partitions") && Number(number) is { } partition => new HubAddress(hub, null, partition),
            [var hub, var groups, var group, var partitions, var number]
                when Is(groups, "ConsumerGroups") && Is(partitions, "Partitions") && Number(number) is { } partition => new HubAddress(hub, Uri.UnescapeDataString(group), partition),
            _ => null,
        };
    }

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
