namespace ServerlessRec.Index.Search;

/// <summary>Where a walk reads the neighbours of a node. Structs, so that walks are compiled for each.</summary>
internal unsafe interface ILinks
{
    /// <summary>Asks for a candidate's links, which may be read later.</summary>
    void Prefetch(uint node);

    /// <summary>Asks once more for the links that are likely to be read next.</summary>
    void PrefetchNext(uint node);

    /// <summary>Writes the node's neighbours, at most the walk's buffer, and returns how many. Every id is below the graph's count.</summary>
    int Read(uint node, uint* into);
}
