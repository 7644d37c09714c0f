namespace ServerlessRec.Index.Building;

/// <summary>
/// New numbers for the nodes: depth first along the best links, so that neighbours lie near each other, which saves cache and TLB misses
/// and makes the gaps between sorted neighbours small.
/// </summary>
internal static unsafe class NodeOrder
{
    /// <summary>Returns the old node for each new number.</summary>
    public static int[] DepthFirst(BuildGraph graph)
    {
        var order = new int[graph.Count];
        var seen = new bool[graph.Count];
        var stack = new Stack<uint>();
        var filled = 0;
        for (var start = 0; start < graph.Count; start++)
        {
            stack.Push(start == 0 ? graph.Entry : (uint)start);
            while (stack.TryPop(out var node))
            {
                if (seen[node])
                    continue;
                seen[node] = true;
                order[filled++] = (int)node;
                var links = graph.Bottom.At(node);
                for (var i = links.Count - 1; i >= 0; i--)
                {
                    var neighbour = links.Ids[i];
                    if (!seen[neighbour])
                        stack.Push(neighbour);
                }
            }
            if (start == 0 && !seen[0])
                stack.Push(0);
        }
        return order;
    }
}
