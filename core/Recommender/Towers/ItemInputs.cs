namespace ServerlessRec.Recommender.Towers;

/// <summary>
/// The item tower's inputs for one batch, row-major, exactly as <see cref="FeatureSpec"/> documents. Reusable: encoding another batch
/// overwrites it and allocates only to grow. Not thread-safe.
/// </summary>
public sealed class ItemInputs
{
    private long[] _itemIds = [];
    private long[] _categoryIds = [];
    private float[] _categoryWeights = [];
    private long[] _textIds = [];
    private float[] _textWeights = [];
    private float[] _numbers = [];

    /// <summary>B: items in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>C.</summary>
    public int CategoryWidth { get; private set; }

    /// <summary>T.</summary>
    public int TextWidth { get; private set; }

    /// <summary>N.</summary>
    public int NumberWidth { get; private set; }

    /// <summary>`item_ids` [B].</summary>
    public Memory<long> ItemIds => _itemIds.AsMemory(0, Count);

    /// <summary>`category_ids` [B, C].</summary>
    public Memory<long> CategoryIds => _categoryIds.AsMemory(0, Count * CategoryWidth);

    /// <summary>`category_weights` [B, C].</summary>
    public Memory<float> CategoryWeights => _categoryWeights.AsMemory(0, Count * CategoryWidth);

    /// <summary>`text_ids` [B, T].</summary>
    public Memory<long> TextIds => _textIds.AsMemory(0, Count * TextWidth);

    /// <summary>`text_weights` [B, T].</summary>
    public Memory<float> TextWeights => _textWeights.AsMemory(0, Count * TextWidth);

    /// <summary>`numbers` [B, N].</summary>
    public Memory<float> Numbers => _numbers.AsMemory(0, Count * NumberWidth);

    /// <summary>Makes room for a batch and fills it with padding (zeros).</summary>
    internal void Reset(int count, int categoryWidth, int textWidth, int numberWidth)
    {
        (Count, CategoryWidth, TextWidth, NumberWidth) = (count, categoryWidth, textWidth, numberWidth);
        Clear(ref _itemIds, count);
        Clear(ref _categoryIds, count * categoryWidth);
        Clear(ref _categoryWeights, count * categoryWidth);
        Clear(ref _textIds, count * textWidth);
        Clear(ref _textWeights, count * textWidth);
        Clear(ref _numbers, count * numberWidth);
    }

    private static void Clear<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }
        else
        {
            Array.Clear(array, 0, length);
        }
    }
}
