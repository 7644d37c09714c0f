namespace ServerlessRec.Recommender.Ranking;

/// <summary>
/// The ranker's inputs for the candidates of one request, row-major, exactly as <see cref="RankerFields"/> documents. Reusable: encoding another
/// request overwrites it and allocates only to grow. Not thread-safe.
/// </summary>
public sealed class RankerInputs
{
    private long[] _fieldRows = [];
    private long[] _categoryRows = [];
    private float[] _categoryWeights = [];
    private float[] _scoreSteps = [];

    /// <summary>B: candidates.</summary>
    public int Count { get; private set; }

    /// <summary>`field_rows` [B, fields].</summary>
    public Memory<long> FieldRows => _fieldRows.AsMemory(0, Count * RankerFields.Count);

    /// <summary>`category_rows` [B, categories].</summary>
    public Memory<long> CategoryRows => _categoryRows.AsMemory(0, Count * RankerFields.MaxCategories);

    /// <summary>`category_weights` [B, categories].</summary>
    public Memory<float> CategoryWeights => _categoryWeights.AsMemory(0, Count * RankerFields.MaxCategories);

    /// <summary>`score_steps` [B, 1].</summary>
    public Memory<float> ScoreSteps => _scoreSteps.AsMemory(0, Count);

    /// <summary>Makes room for candidates; all they hold is to be written.</summary>
    public void Reset(int count)
    {
        Count = count;
        if (_scoreSteps.Length < count)
        {
            _fieldRows = new long[count * RankerFields.Count];
            _categoryRows = new long[count * RankerFields.MaxCategories];
            _categoryWeights = new float[count * RankerFields.MaxCategories];
            _scoreSteps = new float[count];
        }
    }
}
