namespace ServerlessRec.Index;

/// <summary>The stored vectors that score the final candidates of a walk over codes.</summary>
public enum RerankVectors
{
    /// <summary>4 bytes per dimension, exact.</summary>
    Float32 = 0,

    /// <summary>2 bytes per dimension, relative error ≤ 2⁻¹¹; values must lie within ±65,504.</summary>
    Half = 1,

    /// <summary>1 byte per dimension that continues the int8 code to 16 bits: error ≤ 2⁻¹⁵ of the vector's largest deviation from the centre.</summary>
    Residual = 2,
}
