using System.Numerics;

namespace ServerlessRec.Recommender.Catalogue;

/// <summary>The open-addressing table from item hash to row: linear probing from the hash's low bits, at most half full.</summary>
internal static class IdSlots
{
    public const int Empty = -1;

    public static int CapacityFor(int rows) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, 2L * rows));

    public static int First(ulong hash, int capacity) => (int)(hash & (uint)(capacity - 1));

    public static int Next(int slot, int capacity) => (slot + 1) & (capacity - 1);
}
