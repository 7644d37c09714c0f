using System.Text;
using System.Text.Json;
using CsCheck;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Contracts.Feedback;

/// <summary>Random feedback of a few users in a log of two partitions, and the sequential model of what must become of it.</summary>
internal sealed class SimulatedStream
{
    public const int Partitions = 2;

    private const int Invalid = 0;
    private const int WithId = 1;
    private const int Killer = 8;
    private const int MaxUsers = 6;

    // (user, item, minute, kind): an invalid event, one with an event id that may have been sent before, one that processes die of, else a plain one.
    public static readonly Gen<SimulatedStream> Gen =
        CsCheck.Gen.Select(
            CsCheck.Gen.Select(CsCheck.Gen.Int[0, MaxUsers - 1], CsCheck.Gen.Int[0, 9], CsCheck.Gen.Int[0, 30], CsCheck.Gen.Int[0, Killer]).Array[1, 60],
            CsCheck.Gen.Int[0, 9],
            (events, killers) => new SimulatedStream(events, Math.Max(0, killers - 7)));

    private readonly HashSet<(int, long)> _killers = [];
    private readonly (int User, int Item, int Minute, int Kind)[] _events;

    // Every killer costs many deaths: few worlds have any, and those have few.
    private SimulatedStream((int User, int Item, int Minute, int Kind)[] events, int maxKillers)
    {
        _events = events;
        var partitions = Enumerable.Range(0, Partitions).Select(_ => new List<RawFeedback>()).ToArray();
        var killers = 0;
        foreach (var (user, item, minute, kind) in events)
        {
            var kills = kind == Killer && killers++ < maxKillers;
            var partition = partitions[user % Partitions];
            if (kills)
            {
                _killers.Add((user % Partitions, partition.Count));
            }

            var payload = kind == Invalid ? Encoding.UTF8.GetBytes("""{"UserId":"u1"}""") : Json(Event(user, item, minute, kind, kills));
            partition.Add(new RawFeedback(user % Partitions, partition.Count, UserStates.Noon, payload));
        }

        Log = [.. partitions.Select(partition => partition.ToArray())];
    }

    /// <summary>Partition by partition.</summary>
    public RawFeedback[][] Log { get; }

    /// <summary>Everybody who may have a row.</summary>
    public static IReadOnlyList<string> Users { get; } = [.. Enumerable.Range(0, MaxUsers).Select(user => $"u{user}")];

    /// <summary>What must be applied: every valid event once, an event id counts once, and nothing that kills.</summary>
    public List<FeedbackEvent> Model()
    {
        var ids = new HashSet<string>();
        return [.. Log.SelectMany(partition => partition).Where(raw => !_killers.Contains((raw.Partition, raw.Sequence))).Select(Parse).OfType<FeedbackEvent>()
            .Where(feedback => feedback.EventId is not { } id || ids.Add(id))];
    }

    /// <summary>What must be dead letters: partition and sequence.</summary>
    public IEnumerable<(int Partition, long Sequence)> Dead() => Log.SelectMany(partition => partition)
        .Where(raw => Parse(raw) is null || _killers.Contains((raw.Partition, raw.Sequence)))
        .Select(raw => (raw.Partition, raw.Sequence));

    public static byte[] Json(FeedbackEvent feedback)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            FeedbackJson.Write(feedback, writer);
        }

        return bytes.ToArray();
    }

    public override string ToString() => $"{_killers.Count} killers: {string.Join(' ', _events)}";

    private static FeedbackEvent Event(int user, int item, int minute, int kind, bool kills) => new()
    {
        UserId = $"u{user}",
        ItemId = kills ? FaultyUserStore.KillerItem : $"i{item}",
        FeedbackType = "click",
        Timestamp = UserStates.Noon.AddMinutes(minute),

        // The same user, item and minute: the same event sent twice.
        EventId = kind == WithId ? $"{user}-{item}-{minute}" : null,
        Value = kind == WithId ? 2 : 1 + kind,
    };

    private static FeedbackEvent? Parse(RawFeedback raw) => FeedbackJson.Read(raw.Payload.Span, raw.AcceptedAt).Feedback;
}
