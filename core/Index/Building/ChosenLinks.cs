namespace ServerlessRec.Index.Building;

/// <summary>The links chosen for a new node on one level, kept until they are set.</summary>
internal sealed class ChosenLinks(int capacity)
{
    private readonly uint[] _ids = new uint[capacity];
    private readonly float[] _scores = new float[capacity];
    private int _count;

    public ReadOnlySpan<uint> Ids => _ids.AsSpan(0, _count);

    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count);

    public void Set(CandidateList candidates, int selected)
    {
        candidates.SelectedIds(selected).CopyTo(_ids);
        candidates.SelectedScores(selected).CopyTo(_scores);
        _count = selected;
    }
}
