using ServerlessRec.Index.Building;

namespace ServerlessRec.Index.Overlay;

/// <summary>Kept nodes keep their level; added ones draw theirs, no higher than what is left of the base.</summary>
internal static unsafe class MergeLevels
{
    public static byte[] Assign(MergeParts parts, HnswOptions options)
    {
        var before = new byte[parts.Image.Count];
        var upper = parts.Image.Upper.Levels;
        for (var i = 0; i < upper.Length; i++)
        {
            for (var entry = 0u; entry < upper[i].Entries; entry++)
                before[upper[i].Nodes[entry]] = Math.Max(before[upper[i].Nodes[entry]], (byte)(upper.Length - i));
        }
        var levels = new byte[parts.Nodes.Length];
        var top = 0;
        for (var ordinal = 0; ordinal < levels.Length; ordinal++)
        {
            if (!parts.IsAdded(ordinal))
                top = Math.Max(top, levels[ordinal] = before[parts.Nodes[ordinal]]);
        }
        for (var ordinal = 0; ordinal < levels.Length; ordinal++)
        {
            // Drawn by the node, not the ordinal: an ordinal's first vector may have been drawn already.
            if (parts.IsAdded(ordinal))
                levels[ordinal] = (byte)Math.Min(top, NodeLevels.Level(options.Seed, (int)parts.Nodes[ordinal], options.M));
        }
        return levels;
    }
}
