namespace ServerlessRec.Training.Learning;

/// <summary>A copy of everything two towers have learned: the best epoch is kept in one.</summary>
internal sealed class TowerWeights
{
    private readonly List<float[]> _arrays;

    private TowerWeights(List<float[]> arrays) => _arrays = arrays;

    /// <summary>The copied numbers, for files. Writing changes the copy.</summary>
    public IReadOnlyList<float[]> Arrays => _arrays;

    public static TowerWeights Copy(TowerPair towers) => new([.. towers.Learned.Select(numbers => numbers.ToArray())]);

    /// <summary>Writes the copy back into the towers it was taken from.</summary>
    public void Restore(TowerPair towers)
    {
        var place = 0;
        foreach (var numbers in towers.Learned)
        {
            _arrays[place++].CopyTo(numbers);
        }
    }
}
