using System.Runtime.InteropServices;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>The histories of a batch: of pairs one each, of windows one that is asked after each entry.</summary>
internal sealed class BatchHistories(TrainingPairs pairs, PopularityTimeline popularity, TrainingOptions options, BatchColumns columns, Random random)
{
    /// <summary>One history for each pair, drawn anew each time.</summary>
    public HistoryBatch OfPairs(int[] chosen)
    {
        List<Interaction>[] kept = [.. chosen.Select(pair => Choose(pair, options.Shape.HistoryLength))];
        var batch = HistoryBatch.Of(kept.Length, Math.Max(1, kept.Max(history => history.Count)));
        for (var row = 0; row < kept.Length; row++)
        {
            Fill(batch, row, CollectionsMarshal.AsSpan(kept[row]));
        }

        return batch;
    }

    /// <summary>One history for each window.</summary>
    public HistoryBatch OfWindows(IReadOnlyList<SequenceWindow> windows)
    {
        var stride = windows.Max(window => window.Length);
        var asked = new List<int>();
        for (var row = 0; row < windows.Count; row++)
        {
            var range = pairs.PairsOf(windows[row]);
            for (var pair = range.First; pair < range.End; pair++)
            {
                asked.Add((row * stride) + pairs.PlaceOf(pair) - 1 - windows[row].Start);
            }
        }

        var batch = HistoryBatch.Of(windows.Count, stride, [.. asked]);
        for (var row = 0; row < windows.Count; row++)
        {
            Fill(batch, row, pairs.TimelineOf(windows[row].User)[windows[row].Start..windows[row].End]);
        }

        return batch;
    }

    private void Fill(HistoryBatch batch, int row, ReadOnlySpan<Interaction> history)
    {
        batch.Lengths[row] = history.Length;
        for (var entry = 0; entry < history.Length; entry++)
        {
            var at = (row * batch.Stride) + entry;
            batch.Places[at] = columns.PlaceOf(history[entry].Item);
            batch.Types[at] = history[entry].Type + 1;
            batch.Ages[at] = HistoryEncoder.Age(
                history[^1].UnixMilliseconds * TimeSpan.TicksPerMillisecond, history[entry].UnixMilliseconds * TimeSpan.TicksPerMillisecond);
        }
    }

    // Oldest first.
    private List<Interaction> Choose(int pair, int length)
    {
        var kept = new List<Interaction>();
        var timeline = pairs.Timeline(pair, out var target);
        var isWhole = target == 0 || !popularity.IsTimed || random.NextDouble() < options.WholeHistories;
        for (var place = isWhole ? timeline.Length - 1 : target - 1; place >= 0 && kept.Count < length; place--)
        {
            if (timeline[place].Item != timeline[target].Item
                && (options.HistoryDropout == 0 || random.NextDouble() >= options.HistoryDropout))
            {
                kept.Add(timeline[place]);
            }
        }

        kept.Reverse();
        return kept;
    }
}
