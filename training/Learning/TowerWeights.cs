namespace ServerlessRec.Training.Learning;

/// <summary>A copy of everything two towers have learned: the best epoch is kept in one.</summary>
internal sealed class TowerWeights
{
    private readonly List<float[]> _tables;
    private readonly List<float[]> _weights;

    private TowerWeights(List<float[]> tables, List<float[]> weights) => (_tables, _weights) = (tables, weights);

    /// <summary>The copied numbers, for files. Writing changes the copy.</summary>
    public IEnumerable<float[]> Arrays => [.. _tables, .. _weights];

    public static TowerWeights Copy(TowerPair towers) => new(
        [.. towers.Items.Tables.Select(table => table.Values.ToArray())],
        [.. towers.Weights.Select(weight => weight.Numbers.ToArray())]);

    /// <summary>Writes the copy back into the towers it was taken from.</summary>
    public void Restore(TowerPair towers)
    {
        for (var i = 0; i < _tables.Count; i++)
        {
            _tables[i].CopyTo(towers.Items.Tables[i].Values, 0);
        }

        var place = 0;
        foreach (var weight in towers.Weights)
        {
            _weights[place++].CopyTo(weight.Numbers);
        }
    }
}
