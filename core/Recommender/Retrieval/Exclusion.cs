using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue.Live;

namespace ServerlessRec.Recommender.Retrieval;

/// <summary>
/// Ordinals that one request must not return: the hidden and deleted ones and what is added. Rented from <see cref="ItemSets"/>; disposing
/// takes the additions out again and gives it back. Not thread-safe.
/// </summary>
public sealed class Exclusion : IDisposable
{
    private readonly ItemSets _owner;
    private readonly LiveItems _items;
    private readonly List<int> _added = [];
    private int _version;

    internal Exclusion(ItemSets owner, LiveItems items)
    {
        _owner = owner;
        _items = items;
        Set = new OrdinalSet(items.Count);
        foreach (var row in items.Table.HiddenRows)
        {
            Set.Add(row);
        }
    }

    /// <summary>The ordinals.</summary>
    public OrdinalSet Set { get; private set; }

    /// <summary>Excludes one more.</summary>
    public void Add(int ordinal)
    {
        if (ordinal >= Set.Capacity)
        {
            Grow();
        }

        if (Set.Add(ordinal))
        {
            _added.Add(ordinal);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var ordinal in _added)
        {
            Set.Remove(ordinal);
        }

        _added.Clear();
        _owner.Return(this);
    }

    /// <summary>Takes in what was hidden, shown or deleted since the last time.</summary>
    internal void Update()
    {
        var version = _items.Journal.Version;
        foreach (var ordinal in _items.Journal.Between(_version, version))
        {
            if (ordinal >= Set.Capacity)
            {
                Grow();
            }

            Set.Remove(ordinal);
            if (_items.IsHidden(ordinal))
            {
                Set.Add(ordinal);
            }
        }

        _version = version;
    }

    private void Grow() => Set = Set.Clone(_items.Count + (_items.Count / 8) + 64);
}
