namespace ServerlessRec.Index.Codes;

/// <summary>The coded vectors of a graph's nodes and how a query is compared with them. Structs, so that walks are compiled for each.</summary>
internal unsafe interface INodeSpace
{
    /// <summary>Asks for the code before it is scored.</summary>
    void Prefetch(uint node);

    /// <summary>Scores of several nodes, greater is nearer. <paramref name="scores"/> may be written in whole groups of four.</summary>
    void Score(in QueryCode query, uint* nodes, int count, float* scores);

    /// <summary>Fills <paramref name="query"/>, whose buffers are there, with a stored node, so that scores are symmetric.</summary>
    void LoadNode(uint node, ref QueryCode query);
}
