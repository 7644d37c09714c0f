using System.Runtime.InteropServices;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Data;
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
    private readonly int[] _place;
    private readonly int[] _column;
    private readonly int[] _order;
    private readonly int _batchSize;
    private readonly List<int> _items = [];
    private readonly List<int> _columns = [];

    /// <param name="pairs">What to sample.</param>
    /// <param name="popularity">Popularity figures by time.</param>
    /// <param name="candidates">Items that may be drawn as negatives.</param>
    /// <param name="options">Sizes and shares.</param>
    /// <param name="random">Seeded.</param>
    public BatchSampler(TrainingPairs pairs, PopularityTimeline popularity, int[] candidates, TrainingOptions options, Random random)
    {
        (_pairs, _popularity, _candidates, _options, _random) = (pairs, popularity, candidates, options, random);
        _batchSize = options.BatchSize ?? TrainingOptions.BatchSizeFor(pairs.Count, options.Shape.UserTower);
        _place = new int[pairs.ItemShares.Length];
        _column = new int[pairs.ItemShares.Length];
        _order = [.. Enumerable.Range(0, pairs.Count)];
        Array.Fill(_place, -1);
        Array.Fill(_column, -1);
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
            yield return Make(pairs, () => Histories([.. pairs.Select(pair => ChooseHistory(pair, _options.Shape.HistoryLength))]));
        }
    }

    private IEnumerable<TrainingBatch> SequenceEpoch()
    {
        foreach (var windows in new SequenceWindows(_pairs, _options.Shape.HistoryLength, _batchSize, _random).Epoch())
        {
            int[] pairs = [.. windows.Select(PairsOf).SelectMany(range => Enumerable.Range(range.First, range.End - range.First))];
            yield return Make(pairs, () => Windows(windows));
        }
    }

    private TrainingBatch Make(int[] pairs, Func<HistoryBatch> histories)
    {
        var labels = new int[pairs.Length];
        var pairWeights = new float[pairs.Length];
        var intervals = new int[pairs.Length];
        for (var row = 0; row < pairs.Length; row++)
        {
            labels[row] = ColumnOf(_pairs.Target(pairs[row]).Item);
            intervals[row] = _popularity.IntervalOf(_pairs.Target(pairs[row]).UnixMilliseconds);
            pairWeights[row] = _pairs.Weight(pairs[row]);
        }

        var read = histories();
        var negatives = _options.Loss == TrainingLoss.BinaryCrossEntropy ? DrawPairNegatives(pairs) : [];
        DrawNegatives();
        var (masked, masks) = Mask(pairs);
        var batch = new TrainingBatch
        {
            Count = pairs.Length,
            Items = [.. _items],
            WithoutId = DrawDropout(_items.Count),
            Histories = read,
            Columns = [.. _columns],
            LogInclusion = LogInclusion(pairs.Length),
            Popularity = Popularity(),
            Intervals = intervals,
            Labels = labels,
            Negatives = negatives,
            PairWeights = pairWeights,
            Masked = masked,
            Masks = masks,
        };
        Forget();
        return batch;
    }

    private PairRange PairsOf(SequenceWindow window) => _pairs.PairsBetween(window.User, window.Start + 1, window.End + 1);

    private HistoryBatch Windows(IReadOnlyList<SequenceWindow> windows)
    {
        var stride = windows.Max(window => window.Length);
        var asked = new List<int>();
        for (var row = 0; row < windows.Count; row++)
        {
            var pairs = PairsOf(windows[row]);
            for (var pair = pairs.First; pair < pairs.End; pair++)
            {
                asked.Add((row * stride) + _pairs.PlaceOf(pair) - 1 - windows[row].Start);
            }
        }

        var batch = HistoryBatch.Of(windows.Count, stride, [.. asked]);
        for (var row = 0; row < windows.Count; row++)
        {
            Fill(batch, row, _pairs.TimelineOf(windows[row].User)[windows[row].Start..windows[row].End]);
        }

        return batch;
    }

    private HistoryBatch Histories(List<Interaction>[] kept)
    {
        var batch = HistoryBatch.Of(kept.Length, Math.Max(1, kept.Max(history => history.Count)));
        for (var row = 0; row < kept.Length; row++)
        {
            Fill(batch, row, CollectionsMarshal.AsSpan(kept[row]));
        }

        return batch;
    }

    private void Fill(HistoryBatch batch, int row, ReadOnlySpan<Interaction> history)
    {
        batch.Lengths[row] = history.Length;
        for (var entry = 0; entry < history.Length; entry++)
        {
            var at = (row * batch.Stride) + entry;
            batch.Places[at] = PlaceOf(history[entry].Item);
            batch.Types[at] = history[entry].Type + 1;
            batch.Ages[at] = HistoryEncoder.Age(
                history[^1].UnixMilliseconds * TimeSpan.TicksPerMillisecond, history[entry].UnixMilliseconds * TimeSpan.TicksPerMillisecond);
        }
    }

    // Oldest first.
    private List<Interaction> ChooseHistory(int pair, int length)
    {
        var kept = new List<Interaction>();
        var timeline = _pairs.Timeline(pair, out var target);
        var isWhole = target == 0 || !_popularity.IsTimed || _random.NextDouble() < _options.WholeHistories;
        for (var place = isWhole ? timeline.Length - 1 : target - 1; place >= 0 && kept.Count < length; place--)
        {
            if (timeline[place].Item != timeline[target].Item
                && (_options.HistoryDropout == 0 || _random.NextDouble() >= _options.HistoryDropout))
            {
                kept.Add(timeline[place]);
            }
        }

        kept.Reverse();
        return kept;
    }

    private int PlaceOf(int item)
    {
        if (_place[item] < 0)
        {
            _place[item] = _items.Count;
            _items.Add(item);
        }

        return _place[item];
    }

    private int ColumnOf(int item)
    {
        if (_column[item] < 0)
        {
            _column[item] = _columns.Count;
            _columns.Add(PlaceOf(item));
        }

        return _column[item];
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

            columns[row] = ColumnOf(item);
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
                ColumnOf(item);
            }

            return;
        }

        for (var i = 0; i < _options.UniformNegatives; i++)
        {
            ColumnOf(_candidates[_random.Next(_candidates.Length)]);
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
        var logarithms = new float[_columns.Count];
        for (var column = 0; column < logarithms.Length; column++)
        {
            var missedByPairs = Math.Pow(1 - _pairs.ItemShares[_items[_columns[column]]], pairs);
            logarithms[column] = (float)Math.Log(1 - (missedByPairs * missedByDraw));
        }

        return logarithms;
    }

    private float[] Popularity()
    {
        var figures = new float[PopularityTimeline.Features * _popularity.Intervals * _columns.Count];
        int[] items = [.. _columns.Select(column => _items[column])];
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

    // Everything a user knows is no negative of his. Where a history is read in order, what he met only later is one: at the time it was among
    // what he could have taken next, as it is when his next item is asked for.
    private (int[] Masked, Range[] Masks) Mask(ReadOnlySpan<int> pairs)
    {
        var masked = new List<int>();
        var masks = new Range[pairs.Length];
        var ends = new List<int>(); // of the mask of whoever has met so many items
        var (start, user) = (0, -1);
        for (var row = 0; row < pairs.Length; row++)
        {
            var seen = _pairs.Seen(pairs[row]);
            if (user != _pairs.Target(pairs[row]).User)
            {
                (start, user) = (masked.Count, _pairs.Target(pairs[row]).User);
                ends.Clear();
                foreach (var item in seen)
                {
                    ends.Add(masked.Count);
                    if (_column[item] >= 0)
                    {
                        masked.Add(_column[item]);
                    }
                }

                ends.Add(masked.Count);
            }

            masks[row] = start..ends[IsInOrder ? _pairs.SeenBefore(pairs[row]) : seen.Length];
        }

        return ([.. masked], masks);
    }

    private void Forget()
    {
        foreach (var item in _items)
        {
            _place[item] = -1;
            _column[item] = -1;
        }

        _items.Clear();
        _columns.Clear();
    }
}
