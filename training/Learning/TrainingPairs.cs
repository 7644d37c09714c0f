using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Learning;

/// <summary>
/// What is learned from: one pair (history without the target, target) for each first positive interaction of a user with an item.
/// Repeats and negative feedback are history only: items that a user has seen are not recommended to him.
/// </summary>
/// <remarks>Values do not weigh: choosing to rate, buy or click is the signal, as it is in the evaluation.</remarks>
internal sealed class TrainingPairs
{
    private readonly Interaction[] _timelines;
    private readonly int[] _starts;
    private readonly int[] _targets;
    private readonly int[][] _seen;
    private readonly int[] _seenBefore;
    private readonly float[] _weights;

    /// <param name="dataset">Users and items.</param>
    /// <param name="interactions">What is learned from.</param>
    /// <param name="recencyHalfLife"><see cref="TrainingOptions.RecencyHalfLife"/>.</param>
    public TrainingPairs(Dataset dataset, IReadOnlyList<Interaction> interactions, double recencyHalfLife)
    {
        (_timelines, _starts) = ByUser(dataset.Users.Count, interactions);
        _seen = new int[dataset.Users.Count][];
        var isPositive = PositiveFeedback.Default.In(dataset);
        var (targets, seenBefore) = (new List<int>(), new List<int>());
        var (seen, order) = (new HashSet<int>(), new List<int>());
        for (var user = 0; user < _seen.Length; user++)
        {
            seen.Clear();
            order.Clear();
            for (var place = _starts[user]; place < _starts[user + 1]; place++)
            {
                if (!seen.Add(_timelines[place].Item))
                {
                    continue;
                }

                if (isPositive(_timelines[place]))
                {
                    targets.Add(place);
                    seenBefore.Add(order.Count);
                }

                order.Add(_timelines[place].Item);
            }

            _seen[user] = [.. order];
            if (seen.Count == 1 && targets.Count > 0 && targets[^1] >= _starts[user])
            {
                targets.RemoveAt(targets.Count - 1); // nothing to predict it from
                seenBefore.RemoveAt(targets.Count);
            }
        }

        _targets = [.. targets];
        _seenBefore = [.. seenBefore];
        _weights = RecencyWeights(recencyHalfLife);
        ItemShares = Shares(dataset.Items.Count);
    }

    public int Count => _targets.Length;

    /// <summary>Share of each item among the targets.</summary>
    public double[] ItemShares { get; }

    /// <summary>Users of the data set.</summary>
    public int Users => _starts.Length - 1;

    /// <summary>Everything a user did, oldest first.</summary>
    public ReadOnlySpan<Interaction> TimelineOf(int user) => _timelines.AsSpan(_starts[user].._starts[user + 1]);

    /// <summary>The pairs of a user whose targets stand at places from..until of the timeline, until left out.</summary>
    public PairRange PairsBetween(int user, int from, int until) => new(FirstPairFrom(_starts[user] + from), FirstPairFrom(_starts[user] + until));

    /// <summary>The pairs whose histories end in a window: its second entry, and so on until the one behind it.</summary>
    public PairRange PairsOf(SequenceWindow window) => PairsBetween(window.User, window.Start + 1, window.End + 1);

    /// <summary>The place of a pair's target in its user's timeline.</summary>
    public int PlaceOf(int pair) => _targets[pair] - _starts[Target(pair).User];

    /// <summary>The target of a pair.</summary>
    public ref readonly Interaction Target(int pair) => ref _timelines[_targets[pair]];

    /// <summary>Weight of a pair in the loss; the mean is 1.</summary>
    public float Weight(int pair) => _weights[pair];

    /// <summary>Items of the target's user in the order in which he met them.</summary>
    public ReadOnlySpan<int> Seen(int pair) => _seen[Target(pair).User];

    /// <summary>How many of <see cref="Seen"/> he had met before the target.</summary>
    public int SeenBefore(int pair) => _seenBefore[pair];

    /// <summary>Everything the target's user did, oldest first, and the target's place in it.</summary>
    public ReadOnlySpan<Interaction> Timeline(int pair, out int targetPlace)
    {
        var start = _starts[Target(pair).User];
        targetPlace = _targets[pair] - start;
        return _timelines.AsSpan(start.._starts[Target(pair).User + 1]);
    }

    private int FirstPairFrom(int place)
    {
        var found = Array.BinarySearch(_targets, place);
        return found < 0 ? ~found : found;
    }

    private static (Interaction[] Timelines, int[] Starts) ByUser(int users, IReadOnlyList<Interaction> interactions)
    {
        var starts = new int[users + 1];
        foreach (var interaction in interactions)
        {
            starts[interaction.User + 1]++;
        }

        for (var user = 0; user < users; user++)
        {
            starts[user + 1] += starts[user];
        }

        var next = starts.AsSpan(0, users).ToArray();
        var timelines = new Interaction[interactions.Count];
        foreach (var interaction in interactions)
        {
            timelines[next[interaction.User]++] = interaction;
        }

        return (timelines, starts);
    }

    private float[] RecencyWeights(double halfLife)
    {
        var weights = new float[Count];
        if (Count == 0 || double.IsInfinity(halfLife))
        {
            Array.Fill(weights, 1);
            return weights;
        }

        var newest = _targets.Max(place => _timelines[place].UnixMilliseconds);
        var oldest = _targets.Min(place => _timelines[place].UnixMilliseconds);
        var half = Math.Max(1, (newest - oldest) * halfLife);
        for (var pair = 0; pair < Count; pair++)
        {
            weights[pair] = (float)Math.Pow(0.5, (newest - Target(pair).UnixMilliseconds) / half);
        }

        var mean = weights.Average();
        return [.. weights.Select(weight => weight / mean)];
    }

    private double[] Shares(int items)
    {
        var shares = new double[items];
        for (var pair = 0; pair < Count; pair++)
        {
            shares[Target(pair).Item] += 1.0 / Count;
        }

        return shares;
    }
}
