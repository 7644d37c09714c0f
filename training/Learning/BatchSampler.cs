using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>
/// Makes batches. The columns of a batch are its distinct targets and a uniform draw of items; a column's logit is corrected by the
/// logarithm of its probability of being a column (logQ, Bengio and Senécal 2008; for distinct columns 1 − (1 − p)^B), so that frequent
/// items are not pushed away for being met often.
/// </summary>
internal sealed class BatchSampler
{
    private readonly TrainingPairs _pairs;
    private readonly PopularityTimeline _popularity;
    private readonly TrainingOptions _options;
    private readonly Random _random;
    private readonly int[] _candidates;
    private readonly int[] _order;
    private readonly int _batchSize;
    private readonly BatchColumns _columns;
    private readonly BatchHistories _histories;

    /// <param name="pairs">What to sample.</param>
    /// <param name="popularity">Popularity figures by time.</param>
    /// <param name="candidates">Items that may be drawn as negatives.</param>
    /// <param name="options">Sizes and shares.</param>
    /// <param name="random">Seeded.</param>
    public BatchSampler(TrainingPairs pairs, PopularityTimeline popularity, int[] candidates, TrainingOptions options, Random random)
    {
        (_pairs, _popularity, _candidates, _options, _random) = (pairs, popularity, candidates, options, random);
        _batchSize = options.BatchSize ?? TrainingOptions.BatchSizeFor(pairs.Count, options.Shape.UserTower);
        _columns = new BatchColumns(pairs.ItemShares.Length);
        _histories = new BatchHistories(pairs, popularity, options, _columns, random);
        _order = [.. Enumerable.Range(0, pairs.Count)];
    }

    public int PairsPerEpoch => _pairs.Count;

    /// <summary>About how many; windows of histories do not fill their batches quite.</summary>
    public int BatchesPerEpoch => Math.Max(1, _pairs.Count / _batchSize);

    /// <summary>All pairs once, in random order.</summary>
    public IEnumerable<TrainingBatch> Epoch() => IsInOrder ? SequenceEpoch() : PooledEpoch();

    private IEnumerable<TrainingBatch> PooledEpoch()
    {
        _random.Shuffle(_order);
        for (var start = 0; start < _order.Length; start += _batchSize)
        {
            var pairs = _order[start..Math.Min(_order.Length, start + _batchSize)];
            yield return Make(pairs, () => _histories.OfPairs(pairs));
        }
    }

    private IEnumerable<TrainingBatch> SequenceEpoch()
    {
        foreach (var windows in new SequenceWindows(_pairs, _options.Shape.HistoryLength, _batchSize, _random).Epoch())
        {
            int[] pairs = [.. windows.Select(_pairs.PairsOf).SelectMany(range => Enumerable.Range(range.First, range.End - range.First))];
            yield return Make(pairs, () => _histories.OfWindows(windows));
        }
    }

    private TrainingBatch Make(int[] pairs, Func<HistoryBatch> histories)
    {
        var labels = new int[pairs.Length];
        var pairWeights = new float[pairs.Length];
        var intervals = new int[pairs.Length];
        for (var row = 0; row < pairs.Length; row++)
        {
            labels[row] = _columns.ColumnOf(_pairs.Target(pairs[row]).Item);
            intervals[row] = _popularity.IntervalOf(_pairs.Target(pairs[row]).UnixMilliseconds);
            pairWeights[row] = _pairs.Weight(pairs[row]);
        }

        var read = histories();
        var negatives = _options.Loss == TrainingLoss.BinaryCrossEntropy ? DrawPairNegatives(pairs) : [];
        DrawNegatives();
        var (masked, masks) = BatchMasks.Of(_pairs, pairs, _columns, IsInOrder);
        var batch = new TrainingBatch
        {
            Count = pairs.Length,
            Items = [.. _columns.Items],
            WithoutId = DrawDropout(_columns.Items.Count),
            Histories = read,
            Columns = [.. _columns.Columns],
            LogInclusion = LogInclusion(pairs.Length),
            Popularity = Popularity(),
            Intervals = intervals,
            Labels = labels,
            Negatives = negatives,
            PairWeights = pairWeights,
            Masked = masked,
            Masks = masks,
        };
        _columns.Forget();
        return batch;
    }

    private bool IsInOrder => _options.Shape.UserTower == UserTowerKind.Sequence;

    private bool DrawsAll => _options.UniformNegatives >= _candidates.Length;

    private int[] DrawPairNegatives(ReadOnlySpan<int> pairs)
    {
        const int Tries = 20; // a user may know nearly everything
        var columns = new int[pairs.Length];
        for (var row = 0; row < pairs.Length; row++)
        {
            var item = _candidates[_random.Next(_candidates.Length)];
            for (var i = 0; i < Tries && _pairs.Seen(pairs[row]).Contains(item); i++)
            {
                item = _candidates[_random.Next(_candidates.Length)];
            }

            columns[row] = _columns.ColumnOf(item);
        }

        return columns;
    }

    private void DrawNegatives()
    {
        if (_options.Loss == TrainingLoss.BinaryCrossEntropy)
        {
            return;
        }

        if (DrawsAll)
        {
            foreach (var item in _candidates)
            {
                _columns.ColumnOf(item);
            }

            return;
        }

        for (var i = 0; i < _options.UniformNegatives; i++)
        {
            _columns.ColumnOf(_candidates[_random.Next(_candidates.Length)]);
        }
    }

    private bool[] DrawDropout(int count)
    {
        var dropped = new bool[count];
        if (_options.IdDropout > 0)
        {
            foreach (ref var isDropped in dropped.AsSpan())
            {
                isDropped = _random.NextDouble() < _options.IdDropout;
            }
        }

        return dropped;
    }

    private float[] LogInclusion(int pairs)
    {
        var missedByDraw = DrawsAll ? 0 : Math.Pow(1 - (1.0 / _candidates.Length), _options.UniformNegatives);
        var logarithms = new float[_columns.Columns.Count];
        for (var column = 0; column < logarithms.Length; column++)
        {
            var missedByPairs = Math.Pow(1 - _pairs.ItemShares[_columns.ItemAt(column)], pairs);
            logarithms[column] = (float)Math.Log(1 - (missedByPairs * missedByDraw));
        }

        return logarithms;
    }

    private float[] Popularity()
    {
        var figures = new float[PopularityTimeline.Features * _popularity.Intervals * _columns.Columns.Count];
        int[] items = [.. Enumerable.Range(0, _columns.Columns.Count).Select(_columns.ItemAt)];
        for (var row = 0; row < PopularityTimeline.Features * _popularity.Intervals; row++)
        {
            var known = _popularity.At(row % _popularity.Intervals, row / _popularity.Intervals);
            var taken = figures.AsSpan(row * items.Length, items.Length);
            for (var column = 0; column < items.Length; column++)
            {
                taken[column] = known[items[column]];
            }
        }

        return figures;
    }
}
