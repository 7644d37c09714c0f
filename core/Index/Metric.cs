namespace ServerlessRec.Index;

/// <summary>How two vectors are compared. Search returns scores: greater is nearer.</summary>
public enum Metric
{
    /// <summary>Score = dot product. Vectors may have very different norms.</summary>
    InnerProduct = 0,

    /// <summary>Score = cosine of the angle; vectors are normalised on the way in, a zero vector scores 0.</summary>
    Cosine = 1,

    /// <summary>Score = −(squared Euclidean distance).</summary>
    SquaredL2 = 2,
}
