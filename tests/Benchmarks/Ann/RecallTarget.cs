namespace ServerlessRec.Benchmarks.Ann;

/// <summary>The smallest ef with which a peer reaches a recall.</summary>
internal static class RecallTarget
{
    private const int HighestEf = 4000;

    /// <summary>Null when no ef reaches it.</summary>
    public static (int Ef, double Recall)? Find(IAnnPeer peer, AnnCase data, int k, double recall, int lowestEf)
    {
        var ids = new int[data.QueryCount * k];
        double At(int ef)
        {
            peer.Search(ef, k, 1, ids);
            return data.Recall(ids, k);
        }

        var (low, high) = (lowestEf - 1, lowestEf);
        double reached;
        while ((reached = At(high)) < recall)
        {
            low = high;
            if (high >= HighestEf)
                return null;
            high = Math.Min(HighestEf, high * 2);
        }
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            var at = At(middle);
            if (at >= recall)
                (high, reached) = (middle, at);
            else
                low = middle;
        }
        return (high, reached);
    }
}
