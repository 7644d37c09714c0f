using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Learning;

/// <summary>
/// How popular each item was at the moments of training: ln(1 + decayed count) for several half-lives, as known at the start of each
/// interval of time. Intervals hold equally many interactions, so what is known lags behind as it does between two trainings.
/// Data without times (all within a day) has one interval, which knows all counts: the model then only learns how much popularity counts.
/// </summary>
internal sealed class PopularityTimeline
{
    private const int MostIntervals = 128, FewestIntervals = 4;
    private const long Day = 86_400_000;
    private const double MostHalfLives = 900;
    private const long LargestTable = 1L << 26;

    private static readonly double[] HalfLivesInDays = [1, 7, 30, double.PositiveInfinity];

    private readonly int _items;
    private readonly float[] _features;
    private readonly long[] _starts;
    private readonly long _newest;

    /// <param name="items">Items of the data set.</param>
    /// <param name="interactions">What is learned from, in the order of timestamps.</param>
    public PopularityTimeline(int items, IReadOnlyList<Interaction> interactions)
    {
        _items = items;
        _newest = interactions[^1].UnixMilliseconds;
        IsTimed = InteractionTimes.AreKnown(interactions);
        Intervals = IsTimed ? (int)Math.Clamp(LargestTable / ((long)items * Features), FewestIntervals, MostIntervals) : 1;
        _features = new float[(Intervals + 1) * items * Features];
        _starts = new long[Intervals];
        var counts = new double[items * Features];
        if (!IsTimed)
        {
            FillUntimed(interactions);
            return;
        }

        var next = 0;
        var now = interactions[0].UnixMilliseconds;
        for (var interval = 0; interval <= Intervals; interval++)
        {
            var end = (int)((long)interactions.Count * interval / Intervals);
            var moment = interactions[Math.Min(end, interactions.Count - 1)].UnixMilliseconds;
            for (; next < end && (interval == Intervals || interactions[next].UnixMilliseconds < moment); next++)
            {
                var interaction = interactions[next];
                for (var feature = 0; feature < Features; feature++)
                {
                    counts[(interaction.Item * Features) + feature] += Growth(feature, interaction.UnixMilliseconds - now);
                }
            }

            if (interval < Intervals)
            {
                _starts[interval] = moment;
            }

            now = Settle(counts, interval, now, moment);
        }
    }

    /// <summary>K: figures an item has at a moment.</summary>
    public static int Features => HalfLivesInDays.Length;

    /// <summary>False: the data's times say nothing.</summary>
    public bool IsTimed { get; }

    /// <summary>Intervals of time.</summary>
    public int Intervals { get; }

    /// <summary>The interval that a moment lies in.</summary>
    public int IntervalOf(long unixMilliseconds)
    {
        var place = Array.BinarySearch(_starts, unixMilliseconds);
        if (place < 0)
        {
            return Math.Max(0, ~place - 1);
        }

        while (place + 1 < Intervals && _starts[place + 1] == unixMilliseconds)
        {
            place++;
        }

        return place;
    }

    /// <summary>What is known at a moment of asking: the interval it lies in, or the end when nothing learned is newer.</summary>
    public int KnownAt(long unixMilliseconds) => !IsTimed || unixMilliseconds > _newest ? Intervals : IntervalOf(unixMilliseconds);

    /// <summary>An item's K figures at the start of an interval.</summary>
    public float[] Of(int interval, int item) => [.. Enumerable.Range(0, Features).Select(feature => At(interval, feature)[item])];

    /// <summary>One figure of every item at the start of an interval; interval <see cref="Intervals"/> is the end of the data.</summary>
    public ReadOnlySpan<float> At(int interval, int feature) => _features.AsSpan(((feature * (Intervals + 1)) + interval) * _items, _items);

    // Counts are kept in units of the moment 'now', so that an interaction is one addition and nothing decays in between. Over gaps of many
    // years, such as one wrong timestamp makes, a count would overflow.
    private static double Growth(int feature, double milliseconds) => double.IsInfinity(HalfLivesInDays[feature])
        ? 1
        : Math.Pow(2, Math.Clamp(milliseconds / (HalfLivesInDays[feature] * Day), -MostHalfLives, MostHalfLives));

    private void FillUntimed(IReadOnlyList<Interaction> interactions)
    {
        var counts = new int[_items];
        foreach (var interaction in interactions)
        {
            counts[interaction.Item]++;
        }

        for (var at = 0; at < _features.Length; at++)
        {
            _features[at] = MathF.Log(1 + counts[at % _items]);
        }
    }

    private long Settle(double[] counts, int interval, long now, long moment)
    {
        for (var feature = 0; feature < Features; feature++)
        {
            var decay = Growth(feature, now - moment);
            var figures = _features.AsSpan(((feature * (Intervals + 1)) + interval) * _items, _items);
            for (var item = 0; item < _items; item++)
            {
                ref var count = ref counts[(item * Features) + feature];
                count *= decay;
                figures[item] = (float)Math.Log(1 + count);
            }
        }

        return moment;
    }
}
