using System.Runtime.InteropServices;

namespace ServerlessRec.Azure.Blobs;

/// <summary>Bytes as a stream that can be sent again, without a copy where they are an array.</summary>
internal sealed class ReadOnlyMemoryStream(ArraySegment<byte> bytes) : MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
{
    public ReadOnlyMemoryStream(ReadOnlyMemory<byte> bytes)
        : this(MemoryMarshal.TryGetArray(bytes, out var segment) ? segment : new ArraySegment<byte>(bytes.ToArray()))
    {
    }
}
