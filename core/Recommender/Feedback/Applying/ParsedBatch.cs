using ServerlessRec.Recommender.Feedback.Parking;

namespace ServerlessRec.Recommender.Feedback.Applying;

/// <summary>A batch, read.</summary>
internal sealed class ParsedBatch
{
    private readonly IReadOnlyList<RawFeedback> _raw;
    private readonly string?[] _users;

    public ParsedBatch(IReadOnlyList<RawFeedback> batch)
    {
        _raw = batch;
        _users = new string?[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            var raw = batch[i];
            var (feedback, fault) = FeedbackJson.Read(raw.Payload.Span, raw.AcceptedAt);
            if (feedback is null)
            {
                Dead.Add(new DeadLetter(raw, fault!));
            }
            else
            {
                _users[i] = feedback.UserId;
                Valid.Add(new LoggedFeedback(feedback, raw.Partition, raw.Sequence, raw.AcceptedAt));
            }
        }
    }

    /// <summary>Events that can be applied.</summary>
    public List<LoggedFeedback> Valid { get; } = [];

    /// <summary>Events that never can.</summary>
    public List<DeadLetter> Dead { get; } = [];

    /// <summary>The valid events as they came, of all users but those that failed.</summary>
    public IReadOnlyList<RawFeedback> Applied(IReadOnlyDictionary<string, string> failed) =>
        Dead.Count == 0 && failed.Count == 0
            ? _raw
            : [.. _raw.Where((_, i) => _users[i] is { } user && !failed.ContainsKey(user))];

    /// <summary>The events of users that failed, with the reason.</summary>
    public IEnumerable<ParkedFeedback> Failed(IReadOnlyDictionary<string, string> failed)
    {
        for (var i = 0; i < _users.Length; i++)
        {
            if (_users[i] is { } user && failed.TryGetValue(user, out var reason))
            {
                yield return new ParkedFeedback(_raw[i], reason);
            }
        }
    }
}
