using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Building;

/// <summary>Writes the levels above the bottom, from the top down, each with entries in the order of their nodes.</summary>
internal sealed unsafe class UpperAssembly
{
    private readonly HnswOptions _options;
    private readonly BuildGraph _graph;
    private readonly uint[] _numbers;
    private readonly List<List<uint>> _nodes = [];

    public UpperAssembly(HnswOptions options, BuildGraph graph, int[] order, uint[] numbers)
    {
        (_options, _graph, _numbers) = (options, graph, numbers);
        for (var level = graph.TopLevel; level >= 1; level--)
            _nodes.Add([.. order.Where(old => graph.Level((uint)old) >= level).Select(old => (uint)old)]);
        // Walks enter the top level at its first entry.
        if (_nodes.Count > 0)
            MoveToFront(_nodes[0], graph.Entry);
        Length = 4 + (4 * _nodes.Count) + _nodes.Sum(nodes => UpperLevel.Bytes((uint)nodes.Count, options.M));
    }

    /// <summary>Bytes without padding.</summary>
    public long Length { get; }

    public void Write(uint* section)
    {
        section[0] = (uint)_nodes.Count;
        for (var i = 0; i < _nodes.Count; i++)
            section[1 + i] = (uint)_nodes[i].Count;
        var at = (byte*)(section + 1 + _nodes.Count);
        for (var i = 0; i < _nodes.Count; i++)
        {
            WriteLevel(_graph.TopLevel - i, _nodes[i], i + 1 < _nodes.Count ? Entries(_nodes[i + 1]) : null, (uint*)at);
            at += UpperLevel.Bytes((uint)_nodes[i].Count, _options.M);
        }
    }

    private static Dictionary<uint, uint> Entries(List<uint> nodes)
    {
        var entries = new Dictionary<uint, uint>(nodes.Count);
        for (var entry = 0; entry < nodes.Count; entry++)
            entries.Add(nodes[entry], (uint)entry);
        return entries;
    }

    private static void MoveToFront(List<uint> nodes, uint node)
    {
        nodes.Remove(node);
        nodes.Insert(0, node);
    }

    private void WriteLevel(int level, List<uint> nodes, Dictionary<uint, uint>? below, uint* at)
    {
        var entries = Entries(nodes);
        var count = nodes.Count;
        var wide = UpperLevel.LinkBytes((uint)count) == 4;
        var links = (byte*)(at + (2L * count));
        new Span<byte>(links, checked(count * _options.M * (wide ? 4 : 2))).Fill(0xFF);
        for (var entry = 0; entry < count; entry++)
        {
            at[entry] = _numbers[nodes[entry]];
            at[count + entry] = below is null ? _numbers[nodes[entry]] : below[nodes[entry]];
            var row = _graph.Links(nodes[entry], level);
            for (var i = 0; i < Math.Min(row.Count, _options.M); i++)
            {
                var target = entries[row.Ids[i]];
                if (wide)
                    ((uint*)links)[((long)entry * _options.M) + i] = target;
                else
                    ((ushort*)links)[((long)entry * _options.M) + i] = (ushort)target;
            }
        }
    }
}
