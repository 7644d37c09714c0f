namespace ServerlessRec.Recommender.Users.Codec;

/// <summary>Writes version 2 of the body, section by section, in the order docs/formats/user-state.md tells.</summary>
internal static class UserStateWriter
{
    public static void Write(UserState state, StateWriter writer)
    {
        writer.Byte(UserStateCodec.Magic);
        writer.Byte(UserStateCodec.Version);
        WriteUser(state, writer);
        WriteVector(state, writer);
        WriteHistory(state.History, writer);
        WriteOlderSeen(state, writer);
        WriteApplied(state.Applied, writer);
    }

    private static void WriteUser(UserState state, StateWriter writer)
    {
        var flags = (state.User.LabelsJson is null ? 0 : StateFlags.Labels)
            | (state.DeletedAt is null ? 0 : StateFlags.DeletedAt)
            | (state.IsDeleted ? StateFlags.IsDeleted : 0)
            | (state.TowerVersion is null ? 0 : StateFlags.Vector);
        writer.Byte((byte)flags);
        writer.Text(state.User.UserId);
        writer.Text(state.User.Comment);
        if (state.User.LabelsJson is { } labels)
        {
            writer.Text(labels);
        }

        if (state.DeletedAt is { } deleted)
        {
            writer.Signed(deleted.ToUnixTimeMilliseconds());
        }
    }

    private static void WriteVector(UserState state, StateWriter writer)
    {
        if (state.TowerVersion is null)
        {
            return;
        }

        writer.Text(state.TowerVersion);
        writer.Varint((ulong)state.Vector.Length);
        foreach (var number in state.Vector.Span)
        {
            writer.Single(number);
        }
    }

    private static void WriteHistory(IReadOnlyList<HistoryEntry> history, StateWriter writer)
    {
        // Few types, many entries: each entry names its type by its place in this table.
        var types = new List<string>(4);
        foreach (var entry in history)
        {
            if (!types.Contains(entry.FeedbackType))
            {
                types.Add(entry.FeedbackType);
            }
        }

        writer.Varint((ulong)types.Count);
        types.ForEach(writer.Text);
        writer.Varint((ulong)history.Count);
        long before = 0;
        foreach (var entry in history)
        {
            var time = entry.Timestamp.ToUnixTimeMilliseconds();
            WriteEntry(entry, types.IndexOf(entry.FeedbackType), time, time - before, writer);
            before = time;
        }
    }

    private static void WriteEntry(in HistoryEntry entry, int type, long time, long sinceBefore, StateWriter writer)
    {
        var isOne = entry.Value.Equals(1.0);
        var isSingle = !isOne && BitConverter.DoubleToInt64Bits((float)entry.Value) == BitConverter.DoubleToInt64Bits(entry.Value);
        var isImport = entry.Partition == -1;
        writer.Byte((byte)((isOne ? EntryFlags.One : 0) | (isSingle ? EntryFlags.Single : 0)
            | (isImport ? EntryFlags.Import : 0) | (entry.Overwrite ? EntryFlags.Overwrite : 0)));
        writer.Varint((ulong)type);
        writer.Text(entry.ItemId);
        writer.Signed(sinceBefore);
        if (isSingle)
        {
            writer.Single((float)entry.Value);
        }
        else if (!isOne)
        {
            writer.Double(entry.Value);
        }

        if (isImport)
        {
            writer.Fixed64((ulong)entry.Sequence);
            return;
        }

        writer.Signed(entry.Partition);
        writer.Signed(entry.Sequence);
        WriteStamp(entry.Stamp, unchecked((uint)time), writer);
    }

    // The hashes of the history's own items follow from the history.
    private static void WriteOlderSeen(UserState state, StateWriter writer)
    {
        Span<ulong> inHistory = state.History.Count <= UserState.HistoryCapacity
            ? stackalloc ulong[UserState.HistoryCapacity]
            : new ulong[state.History.Count];
        inHistory = inHistory[..state.History.Count];
        for (var i = 0; i < inHistory.Length; i++)
        {
            inHistory[i] = state.History[i].ItemHash;
        }

        var older = new ulong[state.SeenItems.Count];
        var count = 0;
        foreach (var hash in state.SeenItems)
        {
            if (!inHistory.Contains(hash))
            {
                older[count++] = hash;
            }
        }

        writer.Varint((ulong)count);
        foreach (var hash in older.AsSpan(0, count))
        {
            writer.Fixed64(hash);
        }
    }

    private static void WriteApplied(IReadOnlyList<AppliedMark> applied, StateWriter writer)
    {
        writer.Varint((ulong)applied.Count);
        var (before, stamp) = (0L, LogStamp.Unknown);
        foreach (var mark in applied)
        {
            var partition = (uint)((mark.Partition << 1) ^ (mark.Partition >> 31));
            writer.Varint(((ulong)partition << 1) | (mark.EventIdHash == 0 ? 0UL : 1));
            writer.Signed(unchecked(mark.Sequence - before));
            if (mark.EventIdHash != 0)
            {
                writer.Fixed64(mark.EventIdHash);
            }

            WriteStamp(mark.Stamp, stamp, writer);
            (before, stamp) = (mark.Sequence, mark.Stamp);
        }
    }

    // Feedback is accepted soon after it happened and soon after what was accepted before it: the difference is short.
    private static void WriteStamp(uint stamp, uint near, StateWriter writer) => writer.Signed(unchecked((int)(stamp - near)));
}
