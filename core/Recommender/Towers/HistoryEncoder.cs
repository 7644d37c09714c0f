using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Towers;

/// <summary>Copies the vector of an entry's item; false when the release does not know the item.</summary>
/// <param name="entry">An entry of a history.</param>
/// <param name="destination">D numbers, written only when the answer is true.</param>
public delegate bool ItemVectorReader(in HistoryEntry entry, Span<float> destination);

/// <summary>Turns histories into the user tower's inputs. Training and serving use this one encoder. Thread-safe.</summary>
public sealed class HistoryEncoder
{
    private readonly FeatureSpec _spec;
    private readonly Dictionary<string, int> _typeIds;

    /// <summary>An encoder for towers trained with <paramref name="spec"/>.</summary>
    /// <exception cref="InvalidDataException">The spec is out of range.</exception>
    public HistoryEncoder(FeatureSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        FeatureSpecJson.Validate(spec);
        _spec = spec;
        _typeIds = new Dictionary<string, int>(spec.FeedbackTypes.Count, StringComparer.Ordinal);
        foreach (var type in spec.FeedbackTypes)
        {
            _typeIds.Add(type, _typeIds.Count + 1);
        }
    }

    /// <summary>The id of a feedback type; 0 when training did not know it.</summary>
    public int TypeId(string feedbackType) => _typeIds.GetValueOrDefault(feedbackType);

    /// <summary>
    /// Encodes a batch: of each history the newest <see cref="FeatureSpec.HistoryLength"/> entries whose items have vectors, oldest first.
    /// </summary>
    /// <param name="histories">Each oldest first.</param>
    /// <param name="read">Where item vectors come from.</param>
    /// <param name="inputs">Overwritten; <see cref="HistoryInputs.Lengths"/> says how much of each history was usable.</param>
    public void Encode(IReadOnlyList<IReadOnlyList<HistoryEntry>> histories, ItemVectorReader read, HistoryInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(histories);
        int[] rows = [.. Enumerable.Range(0, histories.Count)];
        Encode(histories, rows, read, inputs);
    }

    /// <summary>Encodes the histories at the places that <paramref name="rows"/> names, one a row.</summary>
    internal void Encode(
        IReadOnlyList<IReadOnlyList<HistoryEntry>> histories, ReadOnlySpan<int> rows, ItemVectorReader read, HistoryInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(inputs);
        var longest = 1;
        foreach (var place in rows)
        {
            longest = Math.Max(longest, UsedLength(histories[place]));
        }

        inputs.Reset(rows.Length, longest, _spec.Dimensions);
        var lengths = inputs.Lengths.Span;
        for (var row = 0; row < rows.Length; row++)
        {
            lengths[row] = EncodeRow(histories[rows[row]], read, inputs, row);
        }
    }

    /// <summary>Entries of a history that are read at most.</summary>
    internal int UsedLength(IReadOnlyList<HistoryEntry> history) => Math.Min(history.Count, _spec.HistoryLength);

    /// <summary>The age of an entry: ln(1 + hours before the newest entry); 0 when it is not older.</summary>
    public static float Age(long newestTicks, long ticks) =>
        newestTicks <= ticks ? 0 : (float)Math.Log(1 + ((newestTicks - ticks) / (double)TimeSpan.TicksPerHour));

    // From the newest entry down, because only then it is known how many entries have vectors. Most often all have, and the row is in place.
    private int EncodeRow(IReadOnlyList<HistoryEntry> history, ItemVectorReader read, HistoryInputs inputs, int row)
    {
        var entries = history as HistoryEntry[] ?? [.. history];
        var types = inputs.TypesOf(row);
        var weights = inputs.WeightsOf(row);
        var ages = inputs.AgesOf(row);
        var end = UsedLength(entries);
        var free = end;
        long newest = 0;
        var (lastType, lastTypeId) = ((string?)null, 0);
        for (var i = entries.Length - 1; i >= 0 && free > 0; i--)
        {
            ref readonly var entry = ref entries[i];
            if (!read(entry, inputs.VectorAt(row, free - 1)))
            {
                continue;
            }

            newest = free == end ? entry.UtcTicks : newest;
            if (lastType != entry.FeedbackType)
            {
                (lastType, lastTypeId) = (entry.FeedbackType, TypeId(entry.FeedbackType));
            }

            free--;
            types[free] = lastTypeId;
            weights[free] = 1;
            ages[free] = Age(newest, entry.UtcTicks);
        }

        CloseUp(types, free, end);
        CloseUp(weights, free, end);
        CloseUp(ages, free, end);
        CloseUp(inputs.VectorsOf(row), free * inputs.Dimensions, end * inputs.Dimensions);
        return end - free;
    }

    // Moves [first, end) to the row's beginning and clears the rest.
    private static void CloseUp<T>(Span<T> row, int first, int end)
    {
        if (first > 0)
        {
            row[first..end].CopyTo(row);
        }

        row[(end - first)..].Clear();
    }
}
