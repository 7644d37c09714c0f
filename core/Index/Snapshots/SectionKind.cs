namespace ServerlessRec.Index.Snapshots;

/// <summary>The sections of a snapshot, in the order in which they lie in the file: what a walk needs first, what scores its end last.</summary>
internal enum SectionKind
{
    /// <summary>Dimensions × f32: what is subtracted before coding.</summary>
    Centre = 1,

    /// <summary>Count × u32: the ordinal of each node, a permutation.</summary>
    Ordinals = 2,

    /// <summary>Count × f32: the scale of each int8 code.</summary>
    Scales = 3,

    /// <summary>Count × f32, only with squared L2 and int8 codes: −|x|²/2 of each coded vector.</summary>
    Biases = 4,

    /// <summary>Count × code stride.</summary>
    Codes = 5,

    /// <summary>Count × link stride: the neighbours at the bottom level.</summary>
    Links = 6,

    /// <summary>The levels above the bottom.</summary>
    Upper = 7,

    /// <summary>Count × rerank stride.</summary>
    Rerank = 8,
}
