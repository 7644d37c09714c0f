using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ServerlessRec.Recommender.Users.Codec;

/// <summary>The primitives of the format: little-endian numbers, LEB128 varints, zigzag for signed ones, length-prefixed UTF-8.</summary>
internal readonly struct StateWriter(ArrayBufferWriter<byte> buffer)
{
    internal static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private const int MaxVarintBytes = 10;

    public void Byte(byte value)
    {
        buffer.GetSpan(1)[0] = value;
        buffer.Advance(1);
    }

    public void Varint(ulong value)
    {
        var span = buffer.GetSpan(MaxVarintBytes);
        var count = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[count++] = (byte)(value | 0x80);
        }

        span[count++] = (byte)value;
        buffer.Advance(count);
    }

    public void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(sizeof(ulong)), value);
        buffer.Advance(sizeof(ulong));
    }

    public void Double(double value) => Fixed64(BitConverter.DoubleToUInt64Bits(value));

    public void Single(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(buffer.GetSpan(sizeof(float)), value);
        buffer.Advance(sizeof(float));
    }

    public void Text(string value)
    {
        Varint((ulong)StrictUtf8.GetByteCount(value));
        buffer.Advance(StrictUtf8.GetBytes(value, buffer.GetSpan(StrictUtf8.GetMaxByteCount(value.Length))));
    }
}
