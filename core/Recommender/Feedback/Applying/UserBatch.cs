namespace ServerlessRec.Recommender.Feedback.Applying;

/// <summary>A batch's valid events, by user: a user's events lie side by side, in the order they came.</summary>
internal sealed class UserBatch
{
    private readonly LoggedFeedback[] _events;
    private readonly int[] _ends;

    public UserBatch(List<LoggedFeedback> valid)
    {
        var places = new Dictionary<string, int>(valid.Count, StringComparer.Ordinal);
        var users = new List<string>(valid.Count);
        var owners = new int[valid.Count];
        for (var i = 0; i < owners.Length; i++)
        {
            var user = valid[i].Event.UserId;
            if (!places.TryGetValue(user, out owners[i]))
            {
                places.Add(user, owners[i] = users.Count);
                users.Add(user);
            }
        }

        _events = new LoggedFeedback[valid.Count];
        _ends = new int[users.Count + 1];
        foreach (var owner in owners)
        {
            _ends[owner + 1]++;
        }

        for (var i = 1; i < _ends.Length; i++)
        {
            _ends[i] += _ends[i - 1];
        }

        var next = _ends.ToArray();
        for (var i = 0; i < owners.Length; i++)
        {
            _events[next[owners[i]]++] = valid[i];
        }

        UserIds = users;
    }

    public IReadOnlyList<string> UserIds { get; }

    public ReadOnlySpan<LoggedFeedback> EventsOf(int user) => _events.AsSpan(_ends[user], _ends[user + 1] - _ends[user]);
}
