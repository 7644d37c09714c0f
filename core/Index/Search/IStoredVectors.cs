namespace ServerlessRec.Index.Search;

/// <summary>The vectors that score the end of a walk. Structs, so that reranking is compiled for each.</summary>
internal unsafe interface IStoredVectors
{
    int Ordinal(uint node);

    /// <summary>Asks for a vector before it is scored.</summary>
    void Prefetch(uint node);

    /// <summary>The score as <see cref="Metric"/> defines it; both buffers are padded with zeros.</summary>
    float Score(float* query, uint node, float* buffer);
}
