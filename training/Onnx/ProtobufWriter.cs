using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ServerlessRec.Training.Onnx;

/// <summary>
/// Writes one Protocol Buffers message: the few wire types that ONNX needs. A nested message is a writer of its own, added when it is complete.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0, LengthDelimited = 2, Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The message so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>An int32, int64 or enum field.</summary>
    public void Add(int field, long value)
    {
        Tag(field, Varint);
        WriteVarint((ulong)value);
    }

    /// <summary>A float field.</summary>
    public void Add(int field, float value)
    {
        Tag(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    /// <summary>A string field.</summary>
    public void Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message field.</summary>
    public void Add(int field, ProtobufWriter message) => Add(field, message.Written);

    /// <summary>A bytes field.</summary>
    public void Add(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthDelimited);
        WriteVarint((ulong)value.Length);
        _buffer.Write(value);
    }

    /// <summary>A bytes field that holds numbers in little-endian order, as ONNX keeps raw tensor data.</summary>
    public void AddLittleEndian<T>(int field, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("ONNX files are written on little-endian machines only.");
        }

        Add(field, MemoryMarshal.AsBytes(values));
    }

    private void Tag(int field, int wireType) => WriteVarint(((ulong)field << 3) | (uint)wireType);

    private void WriteVarint(ulong value)
    {
        var span = _buffer.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }
}
