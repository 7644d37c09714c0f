using System.Runtime.CompilerServices;

namespace ServerlessRec.Index.Snapshots;

/// <summary>
/// A node's neighbours as sorted ids, each stored as its distance from the one before (the first from −1), in 16-bit words: 15 bits, and
/// when the top bit is set the next word continues them. A zero word or the end of the record ends the list.
/// </summary>
internal static unsafe class LinkCoding
{
    /// <summary>Words that the sorted ids take.</summary>
    public static int Words(ReadOnlySpan<uint> sorted)
    {
        var words = 0;
        var previous = uint.MaxValue;
        foreach (var id in sorted)
        {
            words += id - previous < 0x8000 ? 1 : 2;
            previous = id;
        }
        return words;
    }

    public static void Encode(ReadOnlySpan<uint> sorted, ushort* record, int words)
    {
        var previous = uint.MaxValue;
        var at = 0;
        foreach (var id in sorted)
        {
            var gap = id - previous;
            previous = id;
            if (gap < 0x8000)
            {
                record[at++] = (ushort)gap;
                continue;
            }
            record[at++] = (ushort)(0x8000 | (gap & 0x7FFF));
            record[at++] = (ushort)(gap >> 15);
        }
        while (at < words)
            record[at++] = 0;
    }

    /// <summary>
    /// Decodes a record. Never reads more than one word behind it, never writes more ids than it has words; an id that does not exist
    /// throws, so a hostile file cannot lead a walk outside the graph.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Decode(ushort* record, int words, uint count, uint* into)
    {
        var id = uint.MaxValue;
        var written = 0;
        for (var at = 0; at < words; at++)
        {
            uint gap = record[at];
            if (gap == 0)
                break;
            if (gap >= 0x8000)
                gap = (gap & 0x7FFF) | ((uint)record[++at] << 15);
            id += gap;
            if (id >= count)
                ThrowNoSuchNode(id, count);
            into[written++] = id;
        }
        return written;
    }

    private static void ThrowNoSuchNode(uint id, uint count) =>
        throw new SnapshotFormatException("Links", 0, $"a link leads to node {id}, and there are {count}.");
}
