namespace ServerlessRec.Index;

/// <summary>What lies in the graph and is compared while walking it.</summary>
public enum VectorCodes
{
    /// <summary>One signed byte per dimension and one scale per vector, around the centre of all vectors.</summary>
    Int8 = 0,

    /// <summary>The vectors themselves; nothing is reranked.</summary>
    Float32 = 1,
}
