using System.Runtime.CompilerServices;

namespace ServerlessRec.Index.Search;

/// <summary>
/// A score and 32 bits beside it as one integer that sorts ascending from the best score to the worst; equal scores sort by the bits.
/// NaN has a place too, so hostile numbers cannot disturb a sort.
/// </summary>
internal static class ScoreKey
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(float score, uint low) => ((ulong)Rank(score) << 32) | low;

    /// <summary>Orders as the negated score does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Rank(float score)
    {
        var bits = BitConverter.SingleToInt32Bits(score);
        // Positive scores: all bits but the sign flip; negative ones sort behind them by magnitude.
        return bits < 0 ? (uint)bits : (uint)~bits & 0x7FFFFFFFu;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Score(ulong key)
    {
        var rank = (uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((rank & 0x80000000u) != 0 ? rank : ~rank & 0x7FFFFFFFu);
    }
}
