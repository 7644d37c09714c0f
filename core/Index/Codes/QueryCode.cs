namespace ServerlessRec.Index.Codes;

/// <summary>
/// A vector on the asking side of a comparison. One layout for every kind of code; which fields are filled is the space's affair.
/// score(node) = Scale × scale(node) × (Int16 · code(node)) + bias(node) + Offset.
/// </summary>
internal unsafe struct QueryCode
{
    /// <summary>Int8 codes: the query in 16 bits, padded with zeros.</summary>
    public short* Int16;

    /// <summary>Float32 codes: the query itself, padded with zeros.</summary>
    public float* Float;

    public float Scale;

    public float Offset;
}
