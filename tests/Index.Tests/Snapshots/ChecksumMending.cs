using System.Buffers.Binary;
using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Tests.Snapshots;

/// <summary>Makes every checksum of a changed snapshot match again, as far as its section table can still be followed.</summary>
internal static unsafe class ChecksumMending
{
    private const int Table = 96;
    private const int Entry = 32;

    public static void Mend(byte[] bytes)
    {
        fixed (byte* pointer = bytes)
        {
            for (var i = 0; i < Math.Min((int)bytes[35], 12); i++)
            {
                var entry = bytes.AsSpan(Table + (i * Entry), Entry);
                var offset = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
                var length = BinaryPrimitives.ReadInt64LittleEndian(entry[16..]);
                if (offset < 0 || length < 0 || offset > bytes.Length || length > bytes.Length - offset)
                    continue;
                BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], Checksum.Of(pointer + offset, length));
            }
            bytes.AsSpan(SnapshotHeader.Bytes - 8, 8).Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(SnapshotHeader.Bytes - 8), Checksum.Of(pointer, SnapshotHeader.Bytes));
        }
    }
}
