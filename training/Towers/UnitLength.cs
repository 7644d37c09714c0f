using static TorchSharp.torch;

namespace ServerlessRec.Training.Towers;

/// <summary>L2 normalisation as the exported graphs do it.</summary>
internal static class UnitLength
{
    /// <summary>Lengths below this are not brought to 1, so that a zero vector stays zero.</summary>
    public const float Shortest = 1e-6f;

    /// <summary>[B, D] → [B, D], each row divided by max(its length, <see cref="Shortest"/>).</summary>
    public static Tensor Of(Tensor x) => nn.functional.normalize(x, 2, 1, Shortest);
}
