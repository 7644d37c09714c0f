namespace ServerlessRec.Training.Learning;

/// <summary>Which columns of a batch are no negatives of a pair.</summary>
internal static class BatchMasks
{
    /// <summary>
    /// Everything a user knows is no negative of his. Where a history is read in order, what he met only later is one: at the time it was among
    /// what he could have taken next, as it is when his next item is asked for.
    /// </summary>
    /// <returns>Columns, and which of them are each pair's.</returns>
    public static (int[] Masked, Range[] Masks) Of(TrainingPairs all, ReadOnlySpan<int> pairs, BatchColumns columns, bool isInOrder)
    {
        var masked = new List<int>();
        var masks = new Range[pairs.Length];
        var ends = new List<int>(); // of the mask of whoever has met so many items
        var (start, user) = (0, -1);
        for (var row = 0; row < pairs.Length; row++)
        {
            var seen = all.Seen(pairs[row]);
            if (user != all.Target(pairs[row]).User)
            {
                (start, user) = (masked.Count, all.Target(pairs[row]).User);
                ends.Clear();
                foreach (var item in seen)
                {
                    ends.Add(masked.Count);
                    if (columns.KnownColumnOf(item) is >= 0 and var column)
                    {
                        masked.Add(column);
                    }
                }

                ends.Add(masked.Count);
            }

            masks[row] = start..ends[isInOrder ? all.SeenBefore(pairs[row]) : seen.Length];
        }

        return ([.. masked], masks);
    }
}
