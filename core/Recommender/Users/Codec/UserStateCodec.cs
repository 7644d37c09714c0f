using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace ServerlessRec.Recommender.Users.Codec;

/// <summary>
/// The binary form of a <see cref="UserState"/>: 'U', version, body, XxHash3 of everything before it. Written down in
/// docs/formats/user-state.md; a file of every version lies in the tests and must stay readable. Thread-safe.
/// </summary>
public static class UserStateCodec
{
    /// <summary>The version that is written. Every earlier one is read.</summary>
    public const byte Version = 2;

    /// <summary>Bytes of an encoded state at most: what the largest supported row holds.</summary>
    public const int MaxBytes = UserStateProperties.MaxCount * UserStateProperties.MaxBytes;

    internal const byte Magic = (byte)'U';
    internal const int HeaderBytes = 2;
    internal const int ChecksumBytes = 8;

    /// <summary>Encodes a state; timestamps are cut to the millisecond.</summary>
    /// <exception cref="ArgumentException">A text is not valid Unicode, or labels and comment make the state too large.</exception>
    public static byte[] Encode(UserState state)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        Encode(state, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Encodes a state at the end of a buffer that was empty; timestamps are cut to the millisecond.</summary>
    /// <exception cref="ArgumentException">A text is not valid Unicode, or labels and comment make the state too large.</exception>
    public static void Encode(UserState state, ArrayBufferWriter<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(buffer);
        UserStateWriter.Write(state, new StateWriter(buffer));
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(ChecksumBytes), XxHash3.HashToUInt64(buffer.WrittenSpan));
        buffer.Advance(ChecksumBytes);
        if (buffer.WrittenCount > MaxBytes)
        {
            throw new ArgumentException(
                $"The user's state takes {buffer.WrittenCount} bytes; {MaxBytes} are allowed. Shorten labels and comment.", nameof(state));
        }
    }

    /// <summary>Reads a state back. Whatever the bytes are, the answer is a state or the exception.</summary>
    /// <exception cref="UserStateFormatException">Says what is wrong and at which byte.</exception>
    public static UserState Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + ChecksumBytes || bytes[0] != Magic)
        {
            throw new UserStateFormatException($"These {bytes.Length} bytes are no user state: it begins with 'U' and ends with a checksum.");
        }

        if (bytes[1] is 0 or > Version)
        {
            throw new UserStateFormatException(
                $"The user state has version {bytes[1]}; this program reads 1 to {Version}. Update the program that reads it.");
        }

        var body = bytes[..^ChecksumBytes];
        if (XxHash3.HashToUInt64(body) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[body.Length..]))
        {
            throw new UserStateFormatException($"The user state of {bytes.Length} bytes is damaged: its checksum is wrong.");
        }

        return UserStateReader.Read(new StateReader(body, HeaderBytes), bytes[1]);
    }
}
