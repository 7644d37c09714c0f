namespace ServerlessRec.Training.Towers;

/// <summary>Which rows of a table describe each item, with weights: compressed sparse rows over the data set's items.</summary>
internal sealed class SparseFeature
{
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly float[] _weights;

    private SparseFeature(int[] starts, int[] rows, float[] weights) => (_starts, _rows, _weights) = (starts, rows, weights);

    /// <summary>Takes padded rows (id 0 = padding) of <paramref name="width"/> as the item encoder makes them.</summary>
    public static SparseFeature FromPadded(ReadOnlySpan<long> ids, ReadOnlySpan<float> weights, int width)
    {
        var starts = new int[(ids.Length / width) + 1];
        var rows = new List<int>();
        var kept = new List<float>();
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] != 0)
            {
                rows.Add((int)ids[i]);
                kept.Add(weights[i]);
            }

            starts[(i / width) + 1] = rows.Count;
        }

        return new SparseFeature(starts, [.. rows], [.. kept]);
    }

    /// <summary>Adds the item's weighted rows to <paramref name="destination"/>.</summary>
    public void AddTo(Span<float> destination, EmbeddingTable table, int item)
    {
        for (var i = _starts[item]; i < _starts[item + 1]; i++)
        {
            table.AddTo(destination, _rows[i], _weights[i]);
        }
    }

    /// <summary>Hands the item's gradient to the rows it was made of.</summary>
    public void AddGradient(EmbeddingTable table, int item, ReadOnlySpan<float> gradient)
    {
        for (var i = _starts[item]; i < _starts[item + 1]; i++)
        {
            table.AddGradient(_rows[i], gradient, _weights[i]);
        }
    }
}
