namespace ServerlessRec.Recommender.Catalogue;

/// <summary>
/// Items that this process created while no release was loaded to say which there are, so that the log does not grow with every feedback on
/// them. Forgets all when it is full: creating an item again is harmless. Thread-safe.
/// </summary>
internal sealed class CreatedIds
{
    private const int Capacity = 100_000;

    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _hashes = [];

    public IReadOnlyCollection<string> Without(HashSet<string> ids)
    {
        lock (_lock)
        {
            if (_hashes.Count > 0)
            {
                ids.RemoveWhere(id => _hashes.Contains(ItemHash.Of(id)));
            }

            return ids;
        }
    }

    public void Add(IReadOnlyCollection<string> ids)
    {
        lock (_lock)
        {
            if (_hashes.Count + ids.Count > Capacity)
            {
                _hashes.Clear();
            }

            foreach (var id in ids)
            {
                _hashes.Add(ItemHash.Of(id));
            }
        }
    }
}
