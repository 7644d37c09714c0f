namespace ServerlessRec.Recommender.Users.Codec;

/// <summary>Reads the body of any version, section by section.</summary>
internal static class UserStateReader
{
    private const byte FirstWithStamps = 2;
    private const int LeastEntryBytes = 5;
    private const int LeastMarkBytes = 2;

    public static UserState Read(StateReader reader, byte version)
    {
        var hasStamps = version >= FirstWithStamps;
        var flags = reader.Byte("flags");
        if ((flags & ~StateFlags.All) != 0)
        {
            throw reader.Wrong($"flags {flags:x2} are unknown");
        }

        var userId = reader.Text("user id");
        var comment = reader.Text("comment");
        var labels = (flags & StateFlags.Labels) != 0 ? reader.Text("labels") : null;
        DateTimeOffset? deleted = (flags & StateFlags.DeletedAt) != 0 ? reader.Time(reader.Signed("deletion time"), "deletion time") : null;
        var towerVersion = (flags & StateFlags.Vector) != 0 ? reader.Text("tower version") : null;
        var vector = towerVersion is null ? [] : ReadVector(ref reader);
        var history = ReadHistory(ref reader, hasStamps);
        var seen = ReadSeen(ref reader, history);
        var applied = ReadApplied(ref reader, hasStamps);
        if (!reader.AtEnd)
        {
            throw reader.Wrong("bytes follow after the last section");
        }

        return new UserState
        {
            User = new User(userId, labels, comment),
            History = history,
            SeenItems = seen,
            Vector = vector,
            TowerVersion = towerVersion,
            Applied = applied,
            DeletedAt = deleted,
            IsDeleted = (flags & StateFlags.IsDeleted) != 0,
        };
    }

    private static float[] ReadVector(ref StateReader reader)
    {
        var vector = new float[reader.Count(sizeof(float), "numbers of the user vector")];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = reader.Single("user vector");
        }

        return vector;
    }

    private static HistoryEntry[] ReadHistory(ref StateReader reader, bool hasStamps)
    {
        var types = new string[reader.Count(1, "feedback types")];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = reader.Text("feedback type");
        }

        var history = new HistoryEntry[reader.Count(LeastEntryBytes, "history entries")];
        long time = 0;
        for (var i = 0; i < history.Length; i++)
        {
            history[i] = ReadEntry(ref reader, types, hasStamps, ref time);
        }

        return history;
    }

    private static HistoryEntry ReadEntry(ref StateReader reader, string[] types, bool hasStamps, ref long time)
    {
        var flags = reader.Byte("entry flags");
        if ((flags & ~EntryFlags.All) != 0 || (flags & (EntryFlags.One | EntryFlags.Single)) == (EntryFlags.One | EntryFlags.Single))
        {
            throw reader.Wrong($"entry flags {flags:x2} are unknown");
        }

        var type = reader.Varint("entry type");
        if (type >= (ulong)types.Length)
        {
            throw reader.Wrong($"an entry names feedback type {type} of {types.Length}");
        }

        var itemId = reader.Text("item id", out var itemHash);
        time = unchecked(time + reader.Signed("entry time"));
        var timestamp = reader.Time(time, "entry time");
        var value = (flags & EntryFlags.One) != 0 ? 1
            : (flags & EntryFlags.Single) != 0 ? reader.Single("value")
            : reader.Double("value");
        var isImport = (flags & EntryFlags.Import) != 0;
        var partition = isImport ? -1 : ReadEntryPartition(ref reader);
        var sequence = isImport ? (long)reader.Fixed64("import hash") : reader.Signed("sequence");
        var stamp = isImport || !hasStamps ? LogStamp.Unknown : ReadStamp(ref reader, unchecked((uint)time));
        return new(itemId, itemHash, types[type], value, timestamp, partition, sequence, (flags & EntryFlags.Overwrite) != 0, stamp);
    }

    private static ulong[] ReadSeen(ref StateReader reader, HistoryEntry[] history)
    {
        var older = reader.Count(sizeof(ulong), "seen items");
        var seen = new ulong[older + history.Length];
        var count = 0;
        while (count < older)
        {
            seen[count++] = reader.Fixed64("seen item");
        }

        foreach (ref readonly var entry in history.AsSpan())
        {
            // The older ones are not in the history, so only the history's own are looked through.
            var hash = entry.ItemHash;
            if (!seen.AsSpan(older, count - older).Contains(hash))
            {
                seen[count++] = hash;
            }
        }

        return count == seen.Length ? seen : seen[..count];
    }

    private static AppliedMark[] ReadApplied(ref StateReader reader, bool hasStamps)
    {
        var applied = new AppliedMark[reader.Count(LeastMarkBytes, "applied marks")];
        var (sequence, stamp) = (0L, LogStamp.Unknown);
        for (var i = 0; i < applied.Length; i++)
        {
            var head = reader.Varint("mark");
            var zigzag = head >> 1;
            var partition = ReadPartition(ref reader, (long)(zigzag >> 1) ^ -(long)(zigzag & 1));
            sequence = unchecked(sequence + reader.Signed("mark's sequence"));
            var eventIdHash = (head & 1) != 0 ? reader.Fixed64("event id hash") : 0;
            stamp = hasStamps ? ReadStamp(ref reader, stamp) : LogStamp.Unknown;
            applied[i] = new(partition, sequence, eventIdHash, stamp);
        }

        return applied;
    }

    private static uint ReadStamp(ref StateReader reader, uint near)
    {
        var difference = reader.Signed("stamp");
        return difference is >= int.MinValue and <= int.MaxValue
            ? unchecked(near + (uint)(int)difference)
            : throw reader.Wrong($"the stamp's difference {difference} is out of range");
    }

    private static int ReadEntryPartition(ref StateReader reader)
    {
        var partition = reader.Signed("partition");
        return partition is >= -1 and <= HistoryEntry.MaxPartition ? (int)partition : throw reader.Wrong($"partition {partition} is out of range");
    }

    private static int ReadPartition(ref StateReader reader, long partition) =>
        partition is >= int.MinValue and <= int.MaxValue ? (int)partition : throw reader.Wrong($"partition {partition} is out of range");
}
