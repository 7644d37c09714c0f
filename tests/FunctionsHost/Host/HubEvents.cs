using System.Globalization;

namespace ServerlessRec.FunctionsHost.Host;

/// <summary>A batch of one partition as a hub holds it.</summary>
internal sealed record HubEvents(int Partition, long FirstSequence, IReadOnlyList<string> Bodies)
{
    private static readonly DateTime Enqueued = new(2026, 11, 20, 10, 0, 0, DateTimeKind.Utc);

    public IEnumerable<long> Sequences => Enumerable.Range(0, Bodies.Count).Select(i => FirstSequence + i);

    /// <summary>Times without a zone, as the host writes them.</summary>
    public IEnumerable<string> EnqueuedAt =>
        Sequences.Select(sequence => Enqueued.AddMilliseconds(sequence).ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture));

    /// <summary>A click by each of these users, one after the other.</summary>
    public static HubEvents Clicks(int partition, long firstSequence, IEnumerable<string> users, string item = "i7") =>
        new(partition, firstSequence, [.. users.Select(user => $$"""{"FeedbackType":"click","UserId":"{{user}}","ItemId":"{{item}}"}""")]);
}
