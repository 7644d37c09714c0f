using System.Numerics.Tensors;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>The most popular items that training saw, the most popular first, with the vectors their content alone would have. Immutable.</summary>
internal sealed class KnownItems
{
    /// <summary>Items at most: their vectors lie in memory and every new item is compared with all of them.</summary>
    private const int Capacity = 20_000;

    private readonly int[] _rows;
    private readonly float[] _content;
    private readonly int _dimensions;

    private KnownItems(int[] rows, float[] content, int dimensions)
    {
        (_rows, _content, _dimensions) = (rows, content, dimensions);
        PriorPlaces = [.. Enumerable.Range(0, dimensions).Where(IsConstant)];
        PriorPlaces = PriorPlaces.Length == dimensions ? [] : PriorPlaces;
    }

    /// <summary>Places of a vector that are the same whatever an item's content is.</summary>
    public int[] PriorPlaces { get; }

    /// <summary>Infers the vectors that the items would have without their ids.</summary>
    public static KnownItems Read(ItemTable table, ItemTower tower, int dimensions, CancellationToken cancellationToken)
    {
        var rows = new List<int>();
        var items = new List<CatalogueRow>();
        foreach (var row in table.PopularOrder)
        {
            if (items.Count < Capacity && table.Read(row) is { IdIndex: > 0 } item)
            {
                rows.Add(row);
                items.Add(item with { IdIndex = 0 });
            }
        }

        var content = new float[items.Count * dimensions];
        tower.Infer(items, content, cancellationToken);
        return new KnownItems([.. rows], content, dimensions);
    }

    /// <summary>Row of a known item.</summary>
    public int Row(int known) => _rows[known];

    /// <summary>The vector of a known item's content.</summary>
    public ReadOnlySpan<float> Content(int known) => _content.AsSpan(known * _dimensions, _dimensions);

    /// <summary>Whether it is among the more popular half.</summary>
    public bool IsPopular(int known) => known < _rows.Length / 2;

    /// <summary>Those whose content is nearest to <paramref name="vector"/>; returns how many.</summary>
    public int Nearest(ReadOnlySpan<float> vector, Span<(int Known, float Similarity)> nearest)
    {
        var count = 0;
        for (var known = 0; known < _rows.Length; known++)
        {
            var similarity = TensorPrimitives.Dot(vector, Content(known));
            if (!float.IsFinite(similarity) || (count == nearest.Length && similarity <= nearest[^1].Similarity))
            {
                continue;
            }

            var place = count < nearest.Length ? count++ : count - 1;
            for (; place > 0 && nearest[place - 1].Similarity < similarity; place--)
            {
                nearest[place] = nearest[place - 1];
            }

            nearest[place] = (known, similarity);
        }

        return count;
    }

    private bool IsConstant(int place)
    {
        for (var known = 1; known < _rows.Length; known++)
        {
            if (Math.Abs(_content[(known * _dimensions) + place] - _content[place]) > 1e-6f)
            {
                return false;
            }
        }

        return _rows.Length > 1;
    }
}
