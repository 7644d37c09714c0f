using System.Runtime.Intrinsics;

namespace ServerlessRec.Training.Kernels;

/// <summary>
/// Dropout (Srivastava et al. 2014) with sixteen random numbers at a time (xorshift, Marsaglia 2003): TorchSharp's draws cost more than the
/// products around them. The same seed drops the same numbers.
/// </summary>
internal static unsafe class Dropout
{
    /// <summary>Draws factors, 0 or 1 / (1 − share), and multiplies numbers by them.</summary>
    /// <param name="numbers">Whose; their count is a multiple of 16.</param>
    /// <param name="factors">Where the factors go, for the way back.</param>
    /// <param name="count">Numbers.</param>
    /// <param name="share">Share that is dropped; 0–0.9.</param>
    /// <param name="seed">Of this call.</param>
    public static void Apply(float* numbers, float* factors, int count, double share, uint seed)
    {
        var lanes = Vector512.Create(0u, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        var state = Scrambled((lanes * 0x9E3779B1u) + Vector512.Create(seed * 0x85EBCA77u));
        var least = Vector512.Create((uint)(share * uint.MaxValue));
        var kept = Vector512.Create((float)(1 / (1 - share)));
        for (var at = 0; at < count; at += MatrixProduct.Width)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            var factor = kept & Vector512.GreaterThanOrEqual(state, least).AsSingle();
            factor.Store(factors + at);
            (Vector512.Load(numbers + at) * factor).Store(numbers + at);
        }
    }

    // Murmur's finish: neighbouring seeds give unlike states. Zero, where xorshift would stay, becomes one.
    private static Vector512<uint> Scrambled(Vector512<uint> state)
    {
        state ^= state >> 16;
        state *= 0x85EBCA6Bu;
        state ^= state >> 13;
        state *= 0xC2B2AE35u;
        state ^= state >> 16;
        return Vector512.Max(state, Vector512.Create(1u));
    }
}
