using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ServerlessRec.Index.Snapshots;

/// <summary>
/// XXH64 with seed 0 (xxHash, Yann Collet) over whole 32-byte stripes, which is all that sections consist of; about as fast as memory.
/// </summary>
internal struct Checksum
{
    public const int Stripe = 32;

    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;

    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;
    private ulong _length;

    public Checksum()
    {
        _a = unchecked(Prime1 + Prime2);
        _b = Prime2;
        _c = 0;
        _d = unchecked(0 - Prime1);
    }

    public static unsafe ulong Of(byte* pointer, long length)
    {
        var checksum = new Checksum();
        checksum.Append(pointer, length);
        return checksum.Value;
    }

    /// <summary>Adds bytes, a multiple of <see cref="Stripe"/>.</summary>
    public unsafe void Append(byte* pointer, long length)
    {
        ulong a = _a, b = _b, c = _c, d = _d;
        for (var end = pointer + (length / Stripe * Stripe); pointer < end; pointer += Stripe)
        {
            a = Round(a, Unsafe.ReadUnaligned<ulong>(pointer));
            b = Round(b, Unsafe.ReadUnaligned<ulong>(pointer + 8));
            c = Round(c, Unsafe.ReadUnaligned<ulong>(pointer + 16));
            d = Round(d, Unsafe.ReadUnaligned<ulong>(pointer + 24));
        }
        (_a, _b, _c, _d) = (a, b, c, d);
        _length += (ulong)length;
    }

    /// <summary>The checksum of everything added.</summary>
    public readonly ulong Value
    {
        get
        {
            // XXH64 of an input shorter than a stripe starts from Prime5; sections are never that short unless empty.
            var hash = _length == 0
                ? 0x27D4EB2F165667C5
                : Merge(Merge(Merge(Merge(RotateSum(), _a), _b), _c), _d);
            hash += _length;
            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }

    private readonly ulong RotateSum() =>
        BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7) + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Round(ulong sum, ulong lane)
    {
        if (!BitConverter.IsLittleEndian)
            lane = BinaryPrimitives.ReverseEndianness(lane);
        return BitOperations.RotateLeft(sum + (lane * Prime2), 31) * Prime1;
    }

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;
}
