namespace ServerlessRec.Index.Building;

/// <summary>Candidates for a node's links with their scores, and those chosen from them.</summary>
internal sealed class CandidateList
{
    private uint[] _ids = new uint[256];
    private float[] _scores = new float[256];
    private float[] _sortKeys = new float[256];
    private uint[] _selectedIds = new uint[64];
    private float[] _selectedScores = new float[64];
    private int _selected;

    public int Count { get; private set; }

    public ReadOnlySpan<uint> Ids => _ids.AsSpan(0, Count);

    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, Count);

    public ReadOnlySpan<uint> SelectedIds(int count) => _selectedIds.AsSpan(0, count);

    public ReadOnlySpan<float> SelectedScores(int count) => _selectedScores.AsSpan(0, count);

    public void Clear() => Count = 0;

    public void Add(uint id, float score)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, Count * 2);
            Array.Resize(ref _scores, Count * 2);
            Array.Resize(ref _sortKeys, Count * 2);
        }
        _ids[Count] = id;
        _scores[Count] = score;
        _sortKeys[Count] = -score;
        Count++;
    }

    /// <summary>Best first; equal scores keep no promised order, but the same one each time.</summary>
    public void Sort(int from = 0)
    {
        Array.Sort(_sortKeys, _ids, from, Count - from);
        for (var i = from; i < Count; i++)
            _scores[i] = -_sortKeys[i];
    }

    public void BeginSelection(int keep)
    {
        _selected = 0;
        if (_selectedIds.Length >= keep)
            return;
        _selectedIds = new uint[keep];
        _selectedScores = new float[keep];
    }

    public void Choose(uint id, float score)
    {
        _selectedIds[_selected] = id;
        _selectedScores[_selected++] = score;
    }
}
