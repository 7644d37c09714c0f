namespace ServerlessRec.Index.Building;

/// <summary>
/// The changing links of one node: a count, ids, and their scores. One writer at a time; readers take no lock. A reader beside a writer
/// may see old and new ids mixed, each of which names a node that is ready: a detour at worst.
/// </summary>
internal readonly unsafe struct LinkSlot(uint* slot, int capacity)
{
    public int Capacity => capacity;

    public int Count => (int)Volatile.Read(ref *slot);

    public uint* Ids => slot + 1;

    /// <summary>The score of each link; the first is NaN when they are not known.</summary>
    public float* Scores => (float*)(slot + 1 + capacity);

    public bool IsScored => Count == 0 || !float.IsNaN(*Scores);

    public static int Stride(int capacity) => sizeof(uint) * (1 + (2 * capacity));

    /// <summary>Asks for the count and the ids.</summary>
    public void Prefetch() => Kernels.Prefetch.Lines((byte*)slot, sizeof(uint) * (1 + capacity));

    public int Read(uint* into)
    {
        var count = Count;
        for (var i = 0; i < count; i++)
            into[i] = slot[1 + i];
        return count;
    }

    public void Append(uint id, float score)
    {
        var count = Count;
        Scores[count] = score;
        Volatile.Write(ref Ids[count], id);
        Volatile.Write(ref *slot, (uint)count + 1);
    }

    /// <summary>Replaces the list by one whose scores nobody may need.</summary>
    public void SetUnscored(ReadOnlySpan<uint> ids)
    {
        ids.CopyTo(new Span<uint>(Ids, ids.Length));
        if (ids.Length > 0)
            Scores[0] = float.NaN;
        Volatile.Write(ref *slot, (uint)ids.Length);
    }

    /// <summary>Replaces the list.</summary>
    public void Set(ReadOnlySpan<uint> ids, ReadOnlySpan<float> scores)
    {
        if (ids.Length < Count)
            Volatile.Write(ref *slot, (uint)ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            Scores[i] = scores[i];
            Volatile.Write(ref Ids[i], ids[i]);
        }
        Volatile.Write(ref *slot, (uint)ids.Length);
    }
}
