namespace ServerlessRec.Training.Towers;

/// <summary>Which entries of each history of a batch are asked for, and how the histories are shared out among threads.</summary>
internal sealed class SequenceQuestions
{
    private readonly int[] _starts;
    private readonly int[] _entries;
    private readonly int[] _cuts;

    /// <param name="batch">Histories; <see cref="HistoryBatch.Asked"/> in the order of the rows.</param>
    /// <param name="threads">At least 1.</param>
    public SequenceQuestions(HistoryBatch batch, int threads)
    {
        _starts = new int[batch.Count + 1];
        _entries = new int[batch.Asked.Length];
        for (var at = 0; at < batch.Asked.Length; at++)
        {
            _starts[(batch.Asked[at] / batch.Stride) + 1] = at + 1;
            _entries[at] = batch.Asked[at] % batch.Stride;
        }

        for (var row = 0; row < batch.Count; row++)
        {
            _starts[row + 1] = Math.Max(_starts[row], _starts[row + 1]);
        }

        _cuts = Cuts(batch, threads);
    }

    /// <summary>All asked entries.</summary>
    public int Count => _entries.Length;

    /// <summary>Place of a row's first asked entry among all.</summary>
    public int StartOf(int row) => _starts[row];

    /// <summary>The row's asked entries.</summary>
    public ReadOnlySpan<int> Of(int row) => _entries.AsSpan(_starts[row].._starts[row + 1]);

    /// <summary>The rows of a thread.</summary>
    public (int First, int End) RowsOf(int thread) => (_cuts[thread], _cuts[thread + 1]);

    // About equally many entries a thread.
    private static int[] Cuts(HistoryBatch batch, int threads)
    {
        var cuts = new int[threads + 1];
        var total = batch.Lengths.Sum(length => (long)Math.Max(1, length));
        var (row, before) = (0, 0L);
        for (var thread = 1; thread < threads; thread++)
        {
            while (row < batch.Count && before + (Math.Max(1, batch.Lengths[row]) / 2) < total * thread / threads)
            {
                before += Math.Max(1, batch.Lengths[row++]);
            }

            cuts[thread] = row;
        }

        cuts[threads] = batch.Count;
        return cuts;
    }
}
