using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue.Live;
using ServerlessRec.Recommender.Filters;

namespace ServerlessRec.Recommender.Retrieval;

/// <summary>
/// The items that pass one condition, kept up to date: what was handed out is never changed; a change makes a new set from the old one.
/// Thread-safe.
/// </summary>
internal sealed class AllowedSet(LiveItems items, string[] categories, FilterExpression? filter, DateTimeOffset now)
{
    private readonly Lock _updating = new();
    private volatile Snapshot? _snapshot;

    public OrdinalSet UpToDate()
    {
        var version = items.Journal.Version;
        if (_snapshot is { } known && known.Version >= version)
        {
            return known.Set;
        }

        lock (_updating)
        {
            if (_snapshot is { } old && old.Version >= version)
            {
                return old.Set;
            }

            var next = _snapshot is { } before ? Patch(before, version) : Make(version);
            _snapshot = next;
            return next.Set;
        }
    }

    private Snapshot Patch(Snapshot before, int version)
    {
        var set = before.Set.Clone(items.Count);
        Reconsider(set, before.Version, version);
        return new Snapshot(version, set);
    }

    private Snapshot Make(int version)
    {
        var table = items.Table;
        var set = new OrdinalSet(items.Count);
        var numbers = new int[categories.Length];
        var known = true;
        for (var i = 0; i < numbers.Length; i++)
        {
            known &= table.TryFindCategory(categories[i], out numbers[i]);
        }

        if (known && numbers.Length > 0)
        {
            foreach (var row in table.CategoryRows(numbers[0]))
            {
                AddIf(set, row, ContainsAll(table.Categories(row), numbers.AsSpan(1)) && PassesFilter(row));
            }
        }
        else if (known)
        {
            for (var row = 0; row < table.Count; row++)
            {
                AddIf(set, row, PassesFilter(row));
            }
        }

        Reconsider(set, 0, version);
        return new Snapshot(version, set);
    }

    private void Reconsider(OrdinalSet set, int from, int to)
    {
        foreach (var ordinal in items.Journal.Between(from, to))
        {
            set.Remove(ordinal);
            AddIf(set, ordinal, Passes(items.Changed(ordinal)!));
        }
    }

    private bool Passes(LiveItem item) =>
        !item.IsDeleted
        && Array.TrueForAll(categories, name => item.Row.Item.Categories.Contains(name))
        && (filter is null || FilterEvaluator.Matches(filter.Root, new LiveSubject(item), now));

    private bool PassesFilter(int row) => filter is null || FilterEvaluator.Matches(filter.Root, new TableRow(items.Table, row), now);

    private static void AddIf(OrdinalSet set, int ordinal, bool passes)
    {
        if (passes)
        {
            set.Add(ordinal);
        }
    }

    private static bool ContainsAll(ReadOnlySpan<int> values, ReadOnlySpan<int> wanted)
    {
        foreach (var value in wanted)
        {
            if (!values.Contains(value))
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Snapshot(int Version, OrdinalSet Set);
}
