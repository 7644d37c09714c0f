namespace ServerlessRec.Recommender.Towers;

/// <summary>
/// Counts the releases that use one tower: a rebuild keeps the towers, and its release goes on with the sessions that are open and warm.
/// Thread-safe.
/// </summary>
internal sealed class SharedTower
{
    private int _users = 1;

    /// <summary>One user more; false when the last one has left.</summary>
    public bool TryJoin()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>One user less; true for the last one, which frees the tower.</summary>
    public bool Leave() => Interlocked.Decrement(ref _users) == 0;
}
