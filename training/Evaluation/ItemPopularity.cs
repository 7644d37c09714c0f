using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>How well known each item is among the users of a list of interactions.</summary>
internal sealed class ItemPopularity
{
    private readonly double[] _information;
    private readonly double[] _percentiles;
    private readonly int[] _users;

    public ItemPopularity(int itemCount, IReadOnlyList<Interaction> interactions)
    {
        _users = DistinctUsers(itemCount, interactions, out var userCount);
        _information = new double[itemCount];
        _percentiles = new double[itemCount];

        // An item nobody knows counts as known to half a user: finite, and less known than any other.
        for (var item = 0; item < itemCount; item++)
        {
            _information[item] = -Math.Log2(Math.Max(0.5, _users[item]) / Math.Max(1, userCount));
        }

        RankByPopularity();
    }

    /// <summary>How many users know the item.</summary>
    public int KnownTo(int item) => _users[item];

    /// <summary>−log2 of the share of users who know the item.</summary>
    public double SelfInformation(int item) => _information[item];

    /// <summary>1 for the best known item, towards 0 for the least known; equally known items share their mean.</summary>
    public double Percentile(int item) => _percentiles[item];

    private static int[] DistinctUsers(int itemCount, IReadOnlyList<Interaction> interactions, out int userCount)
    {
        var counts = new int[itemCount];
        var pairs = new HashSet<long>(interactions.Count);
        var users = new HashSet<int>();
        foreach (var interaction in interactions)
        {
            users.Add(interaction.User);
            if (pairs.Add(((long)interaction.User << 32) | (uint)interaction.Item))
            {
                counts[interaction.Item]++;
            }
        }

        userCount = users.Count;
        return counts;
    }

    private void RankByPopularity()
    {
        var order = Enumerable.Range(0, _users.Length).OrderBy(item => _users[item]).ToArray();
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && _users[order[end]] == _users[order[start]])
            {
                end++;
            }

            foreach (var item in order.AsSpan(start, end - start))
            {
                _percentiles[item] = (start + end + 1) / 2.0 / order.Length;
            }

            start = end;
        }
    }
}
