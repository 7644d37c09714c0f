namespace ServerlessRec.Index.Snapshots;

/// <summary>
/// One level above the bottom: its nodes, the entry of each in the level below, and links between entries, M a row, padded with all ones.
/// </summary>
internal readonly unsafe struct UpperLevel(uint entries, uint* nodes, uint* below, void* links, bool wide, int m)
{
    public uint Entries { get; } = entries;

    public uint* Nodes { get; } = nodes;

    /// <summary>Per entry: its entry in the level below; on the lowest of these levels the node itself.</summary>
    public uint* Below { get; } = below;

    /// <summary>Bytes of a level with so many entries.</summary>
    public static long Bytes(uint entries, int m) => (entries * 8L) + (((long)entries * m * LinkBytes(entries)) + 3) / 4 * 4;

    /// <summary>Links take 2 bytes while every entry and the end mark fit.</summary>
    public static int LinkBytes(uint entries) => entries < ushort.MaxValue ? 2 : 4;

    public int ReadLinks(uint entry, uint* into)
    {
        var count = 0;
        if (wide)
        {
            var row = (uint*)links + ((long)entry * m);
            while (count < m && row[count] != uint.MaxValue)
                into[count] = row[count++];
            return count;
        }
        var narrow = (ushort*)links + ((long)entry * m);
        while (count < m && narrow[count] != ushort.MaxValue)
            into[count] = narrow[count++];
        return count;
    }
}
