namespace ServerlessRec.Training.Learning;

/// <summary>
/// Cuts the users' timelines into the windows that a sequence tower learns from: each entry of a window is asked for the next one. Windows
/// of like length come together, so that little of a batch is padding; where they begin is drawn anew each epoch.
/// </summary>
internal sealed class SequenceWindows(TrainingPairs pairs, int length, int entriesABatch, Random random)
{
    private const double Jitter = 0.2;

    /// <summary>The batches of an epoch, in random order.</summary>
    public IEnumerable<IReadOnlyList<SequenceWindow>> Epoch()
    {
        var windows = Cut();
        var keys = windows.Select(window => window.Length * (1 + (Jitter * random.NextDouble()))).ToArray();
        Array.Sort(keys, windows);
        var batches = new List<ArraySegment<SequenceWindow>>();
        for (var start = 0; start < windows.Length;)
        {
            var (end, longest) = (start, 0);
            while (end < windows.Length)
            {
                longest = Math.Max(longest, windows[end].Length);
                if (end > start && longest * (end - start + 1) > entriesABatch)
                {
                    break;
                }

                end++;
            }

            batches.Add(new ArraySegment<SequenceWindow>(windows, start, end - start));
            start = end;
        }

        var order = batches.ToArray();
        random.Shuffle(order);
        return order.Select(batch => (IReadOnlyList<SequenceWindow>)batch);
    }

    private SequenceWindow[] Cut()
    {
        var windows = new List<SequenceWindow>();
        for (var user = 0; user < pairs.Users; user++)
        {
            var inputs = pairs.TimelineOf(user).Length - 1; // the newest entry is only asked for
            var start = 0;
            var end = inputs <= length ? inputs : 1 + random.Next(length);
            while (start < inputs)
            {
                Add(windows, user, start, end);
                (start, end) = (end, Math.Min(inputs, end + length));
            }
        }

        return [.. windows];
    }

    // A window without a pair teaches nothing.
    private void Add(List<SequenceWindow> windows, int user, int start, int end)
    {
        var window = new SequenceWindow(user, start, end);
        if (!pairs.PairsOf(window).IsEmpty())
        {
            windows.Add(window);
        }
    }
}

/// <summary>A part of a user's timeline.</summary>
/// <param name="User">Whose.</param>
/// <param name="Start">Place of the first entry that is read.</param>
/// <param name="End">Place behind the last entry that is read: the last one that is asked for.</param>
internal readonly record struct SequenceWindow(int User, int Start, int End)
{
    public int Length => End - Start;
}

/// <summary>Pairs first..end of <see cref="TrainingPairs"/>.</summary>
internal readonly record struct PairRange(int First, int End)
{
    public bool IsEmpty() => First >= End;
}
