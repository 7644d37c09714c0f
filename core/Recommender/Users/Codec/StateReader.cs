using System.Buffers.Binary;
using System.Text;
using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Users.Codec;

/// <summary>Reads what <see cref="StateWriter"/> writes and trusts nothing: every length is checked before memory is taken for it.</summary>
internal ref struct StateReader(ReadOnlySpan<byte> body, int position)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private int _position = position;

    public readonly bool AtEnd => _position == _body.Length;

    public readonly UserStateFormatException Wrong(string what) => new($"The user state is malformed at byte {_position}: {what}.");

    public byte Byte(string what) => Take(1, what)[0];

    public ulong Varint(string what)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte(what);
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Wrong($"{what} is a number of more than 64 bits");
    }

    public long Signed(string what)
    {
        var value = Varint(what);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>How many elements follow, none of which takes less than <paramref name="leastBytes"/>.</summary>
    public int Count(int leastBytes, string what)
    {
        var count = Varint(what);
        return count <= (ulong)((_body.Length - _position) / leastBytes)
            ? (int)count
            : throw Wrong($"{count} {what} do not fit into the {_body.Length - _position} bytes that follow");
    }

    public ulong Fixed64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));

    public double Double(string what) => BitConverter.UInt64BitsToDouble(Fixed64(what));

    public float Single(string what) => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float), what));

    public string Text(string what) => Text(Take(Count(1, what), what), what);

    /// <summary>An item's id, and its hash from the same bytes.</summary>
    public string Text(string what, out ulong itemHash)
    {
        var bytes = Take(Count(1, what), what);
        itemHash = ItemHash.Of(bytes);
        return Text(bytes, what);
    }

    public DateTimeOffset Time(long unixMilliseconds, string what)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw Wrong($"{what} is no time: {unixMilliseconds} ms");
        }
    }

    private readonly string Text(ReadOnlySpan<byte> utf8, string what)
    {
        try
        {
            return StateWriter.StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong($"{what} is not UTF-8");
        }
    }

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > _body.Length - _position)
        {
            throw Wrong($"{what} is cut short");
        }

        _position += count;
        return _body.Slice(_position - count, count);
    }
}
