using System.Buffers.Binary;
using System.IO.Hashing;
using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Users;

/// <summary>Names an imported entry by what it says, so that importing the same data again adds nothing.</summary>
internal static class ImportHash
{
    /// <param name="entry">The imported entry.</param>
    /// <param name="occurrence">0 for the first of several equal entries of one history, 1 for the next.</param>
    public static long Of(in HistoryEntry entry, int occurrence)
    {
        Span<byte> bytes = stackalloc byte[36];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, entry.ItemHash);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], ItemHash.Of(entry.FeedbackType));
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[16..], entry.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], entry.Timestamp.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], occurrence);
        return (long)XxHash64.HashToUInt64(bytes);
    }
}
