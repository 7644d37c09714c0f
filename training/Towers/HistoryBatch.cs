namespace ServerlessRec.Training.Towers;

/// <summary>Histories of a batch: B rows with room for <see cref="Stride"/> entries each, oldest first, empty on the right.</summary>
internal sealed class HistoryBatch
{
    private int[]? _asked;

    private HistoryBatch(int count, int stride)
    {
        Count = count;
        Stride = stride;
        Places = new int[count * stride];
        Types = new int[count * stride];
        Ages = new float[count * stride];
        Lengths = new int[count];
    }

    /// <summary>B.</summary>
    public int Count { get; }

    /// <summary>Entries that a row has room for.</summary>
    public int Stride { get; }

    /// <summary>[B, stride] rows in the matrix of item vectors that goes with the batch.</summary>
    public int[] Places { get; }

    /// <summary>[B, stride] feedback types + 1; 0: unknown.</summary>
    public int[] Types { get; }

    /// <summary>[B, stride] ln(1 + hours before the newest entry).</summary>
    public float[] Ages { get; }

    /// <summary>[B] entries of each row.</summary>
    public int[] Lengths { get; }

    /// <summary>
    /// [P] places in [B, stride], flattened: user vectors are those after these entries. By default the last entry of each row, the only
    /// one that a tower which does not read in order can answer for.
    /// </summary>
    public int[] Asked => _asked ??= [.. Lengths.Select((length, row) => (row * Stride) + Math.Max(0, length - 1))];

    /// <summary>Room for a batch, all rows empty.</summary>
    /// <param name="count">B.</param>
    /// <param name="stride">Entries of a row.</param>
    /// <param name="asked"><see cref="Asked"/>; null: the last entries.</param>
    public static HistoryBatch Of(int count, int stride, int[]? asked = null) => new(count, stride) { _asked = asked };
}
