using ServerlessRec.Index.Codes;

namespace ServerlessRec.Index.Snapshots;

/// <summary>The levels above the bottom, from the top down; small, so every number in them is checked when they are read.</summary>
internal sealed unsafe class UpperLevels
{
    private readonly UpperLevel[] _levels;

    private UpperLevels(UpperLevel[] levels) => _levels = levels;

    /// <summary>From the top down.</summary>
    public ReadOnlySpan<UpperLevel> Levels => _levels;

    /// <summary>Reads the upper section, which begins with the number of levels and the entries of each.</summary>
    public static UpperLevels Read(byte* section, long offset, SnapshotHeader header)
    {
        var length = header.UpperLength;
        Require(length >= 4, offset, "the section is empty.");
        var count = *(uint*)section;
        Require(count <= SnapshotHeader.MaxUpperLevels && length >= 4 + (4 * (long)count), offset, $"{count} levels are not possible.");
        var levels = new UpperLevel[count];
        var at = 4 + (4 * (long)count);
        for (var i = 0; i < levels.Length; i++)
        {
            var entries = ((uint*)section)[1 + i];
            var bytes = UpperLevel.Bytes(entries, header.M);
            var fits = entries >= 1 && entries <= header.Count && at + bytes <= length;
            Require(fits, offset + 4 + (4 * i), $"level {i} cannot have {entries} entries.");
            var nodes = (uint*)(section + at);
            levels[i] = new UpperLevel(entries, nodes, nodes + entries, nodes + (2L * entries), UpperLevel.LinkBytes(entries) == 4, header.M);
            at += bytes;
        }
        Require(at == length, offset + at, "the section is longer than its levels.");
        for (var i = 0; i < levels.Length; i++)
            Check(levels[i], i + 1 < levels.Length ? levels[i + 1].Entries : (uint)header.Count, (uint)header.Count, header.M, offset);
        return new UpperLevels(levels);
    }

    /// <summary>The greedy walk through all levels; returns the node at which the bottom level is entered.</summary>
    public uint Descend<TSpace>(in TSpace space, in QueryCode query, uint entryNode, uint* nodes, float* scores)
        where TSpace : struct, INodeSpace
    {
        if (_levels.Length == 0)
            return entryNode;
        var entry = 0u;
        var buffer = stackalloc uint[64];
        foreach (ref readonly var level in _levels.AsSpan())
        {
            var bestNode = level.Nodes[entry];
            space.Score(query, &bestNode, 1, scores);
            var bestScore = scores[0];
            for (var improved = true; improved;)
            {
                improved = false;
                var count = level.ReadLinks(entry, buffer);
                for (var i = 0; i < count; i++)
                {
                    nodes[i] = level.Nodes[buffer[i]];
                    space.Prefetch(nodes[i]);
                }
                space.Score(query, nodes, count, scores);
                for (var i = 0; i < count; i++)
                {
                    if (!(scores[i] > bestScore))
                        continue;
                    bestScore = scores[i];
                    entry = buffer[i];
                    improved = true;
                }
            }
            entry = level.Below[entry];
        }
        return entry;
    }

    private static void Check(in UpperLevel level, uint entriesBelow, uint nodes, int m, long offset)
    {
        var links = stackalloc uint[m];
        for (var entry = 0u; entry < level.Entries; entry++)
        {
            Require(level.Nodes[entry] < nodes, offset, "an entry names a node that does not exist.");
            Require(level.Below[entry] < entriesBelow, offset, "an entry leads nowhere below.");
            var count = level.ReadLinks(entry, links);
            for (var i = 0; i < count; i++)
                Require(links[i] < level.Entries, offset, "a link leads to an entry that does not exist.");
        }
    }

    private static void Require(bool holds, long offset, string problem)
    {
        if (!holds)
            throw new SnapshotFormatException("Upper", offset, problem);
    }
}
