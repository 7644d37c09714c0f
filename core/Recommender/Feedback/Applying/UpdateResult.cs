namespace ServerlessRec.Recommender.Feedback.Applying;

/// <summary>What became of a batch's users.</summary>
internal sealed class UpdateResult(UserBatch batch)
{
    private readonly bool[] _done = new bool[batch.UserIds.Count];

    /// <summary>Rows written.</summary>
    public int Written { get; private set; }

    /// <summary>Rows that were read again.</summary>
    public int Conflicts { get; private set; }

    /// <summary>Users that were not brought up to date, and why.</summary>
    public Dictionary<string, string> Failed { get; } = new(StringComparer.Ordinal);

    public void Succeed(ReadOnlySpan<int> users, int written, int conflicts)
    {
        Written += written;
        Conflicts += conflicts;
        foreach (var user in users)
        {
            _done[user] = true;
        }
    }

    public void Fail(int user, string reason) => Failed[batch.UserIds[user]] = reason;

    /// <summary>Everybody who has neither failed nor succeeded fails.</summary>
    public void FailOthers(string reason)
    {
        for (var user = 0; user < _done.Length; user++)
        {
            if (!_done[user])
            {
                Failed.TryAdd(batch.UserIds[user], reason);
            }
        }
    }
}
