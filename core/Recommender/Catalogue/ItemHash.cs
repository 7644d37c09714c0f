using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;

namespace ServerlessRec.Recommender.Catalogue;

/// <summary>The 64-bit hash by which items are looked up and remembered as seen. Stored in files and rows: never change it.</summary>
public static class ItemHash
{
    private const int StackBytes = 1024;

    /// <summary>XxHash64 (seed 0) of the id's UTF-8 bytes.</summary>
    // Clearing the buffer would cost more than the hash.
    [SkipLocalsInit]
    public static ulong Of(string itemId)
    {
        ArgumentNullException.ThrowIfNull(itemId);
        var length = Encoding.UTF8.GetMaxByteCount(itemId.Length);
        Span<byte> utf8 = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        return Of(utf8[..Encoding.UTF8.GetBytes(itemId, utf8)]);
    }

    /// <summary>The hash of an id that is UTF-8 already.</summary>
    internal static ulong Of(ReadOnlySpan<byte> idUtf8) => XxHash64.HashToUInt64(idUtf8);
}
