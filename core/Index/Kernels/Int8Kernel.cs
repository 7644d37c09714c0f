using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ServerlessRec.Index.Kernels;

/// <summary>
/// Dot products of a 16-bit query with 8-bit codes, in 32-bit integers: exact, so that every path gives the same neighbours.
/// Lengths are multiples of <see cref="Step"/>; <see cref="Codes.QueryCode"/> keeps the sums inside 32 bits.
/// </summary>
internal static unsafe class Int8Kernel
{
    /// <summary>Codes are padded with zeros to a multiple of this.</summary>
    public const int Step = 32;

    /// <summary>Four products at once: the query is read once and the four sums are folded together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot4(short* query, sbyte* a, sbyte* b, sbyte* c, sbyte* d, int length)
    {
        if (Avx512BW.IsSupported)
            return Dot4Avx512(query, a, b, c, d, length);
        if (Avx2.IsSupported)
            return Dot4Avx2(query, a, b, c, d, length);
        return Vector128.Create(Dot(query, a, length), Dot(query, b, length), Dot(query, c, length), Dot(query, d, length));
    }

    public static int Dot(short* query, sbyte* code, int length)
    {
        if (Avx2.IsSupported)
            return DotAvx2(query, code, length);
        if (Sse41.IsSupported)
            return DotSse41(query, code, length);
        if (AdvSimd.Arm64.IsSupported)
            return DotAdvSimd(query, code, length);
        return DotPortable(query, code, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Dot4Avx512(short* query, sbyte* a, sbyte* b, sbyte* c, sbyte* d, int length)
    {
        var sumA = Vector512<int>.Zero;
        var sumB = Vector512<int>.Zero;
        var sumC = Vector512<int>.Zero;
        var sumD = Vector512<int>.Zero;
        for (var i = 0; i < length; i += 32)
        {
            var q = Vector512.Load(query + i);
            sumA = Avx512F.Add(sumA, Avx512BW.MultiplyAddAdjacent(q, Avx512BW.ConvertToVector512Int16(Vector256.Load(a + i))));
            sumB = Avx512F.Add(sumB, Avx512BW.MultiplyAddAdjacent(q, Avx512BW.ConvertToVector512Int16(Vector256.Load(b + i))));
            sumC = Avx512F.Add(sumC, Avx512BW.MultiplyAddAdjacent(q, Avx512BW.ConvertToVector512Int16(Vector256.Load(c + i))));
            sumD = Avx512F.Add(sumD, Avx512BW.MultiplyAddAdjacent(q, Avx512BW.ConvertToVector512Int16(Vector256.Load(d + i))));
        }
        return Fold(
            Avx2.Add(sumA.GetLower(), sumA.GetUpper()),
            Avx2.Add(sumB.GetLower(), sumB.GetUpper()),
            Avx2.Add(sumC.GetLower(), sumC.GetUpper()),
            Avx2.Add(sumD.GetLower(), sumD.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Dot4Avx2(short* query, sbyte* a, sbyte* b, sbyte* c, sbyte* d, int length)
    {
        var sumA = Vector256<int>.Zero;
        var sumB = Vector256<int>.Zero;
        var sumC = Vector256<int>.Zero;
        var sumD = Vector256<int>.Zero;
        for (var i = 0; i < length; i += 16)
        {
            var q = Avx.LoadVector256(query + i);
            sumA = Avx2.Add(sumA, Avx2.MultiplyAddAdjacent(q, Avx2.ConvertToVector256Int16(a + i)));
            sumB = Avx2.Add(sumB, Avx2.MultiplyAddAdjacent(q, Avx2.ConvertToVector256Int16(b + i)));
            sumC = Avx2.Add(sumC, Avx2.MultiplyAddAdjacent(q, Avx2.ConvertToVector256Int16(c + i)));
            sumD = Avx2.Add(sumD, Avx2.MultiplyAddAdjacent(q, Avx2.ConvertToVector256Int16(d + i)));
        }
        return Fold(sumA, sumB, sumC, sumD);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Fold(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d)
    {
        var all = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(c, d));
        return Sse2.Add(all.GetLower(), all.GetUpper());
    }

    private static int DotAvx2(short* query, sbyte* code, int length)
    {
        var even = Vector256<int>.Zero;
        var odd = Vector256<int>.Zero;
        for (var i = 0; i < length; i += 32)
        {
            even = Avx2.Add(even, Avx2.MultiplyAddAdjacent(Avx.LoadVector256(query + i), Avx2.ConvertToVector256Int16(code + i)));
            odd = Avx2.Add(odd, Avx2.MultiplyAddAdjacent(Avx.LoadVector256(query + i + 16), Avx2.ConvertToVector256Int16(code + i + 16)));
        }
        var sum = Avx2.Add(even, odd);
        return Vector128.Sum(Sse2.Add(sum.GetLower(), sum.GetUpper()));
    }

    private static int DotSse41(short* query, sbyte* code, int length)
    {
        var even = Vector128<int>.Zero;
        var odd = Vector128<int>.Zero;
        for (var i = 0; i < length; i += 16)
        {
            even = Sse2.Add(even, Sse2.MultiplyAddAdjacent(Sse2.LoadVector128(query + i), Sse41.ConvertToVector128Int16(code + i)));
            odd = Sse2.Add(odd, Sse2.MultiplyAddAdjacent(Sse2.LoadVector128(query + i + 8), Sse41.ConvertToVector128Int16(code + i + 8)));
        }
        return Vector128.Sum(Sse2.Add(even, odd));
    }

    private static int DotAdvSimd(short* query, sbyte* code, int length)
    {
        var even = Vector128<int>.Zero;
        var odd = Vector128<int>.Zero;
        for (var i = 0; i < length; i += 8)
        {
            var q = AdvSimd.LoadVector128(query + i);
            var x = AdvSimd.SignExtendWideningLower(AdvSimd.LoadVector64(code + i));
            even = AdvSimd.MultiplyWideningLowerAndAdd(even, q.GetLower(), x.GetLower());
            odd = AdvSimd.MultiplyWideningUpperAndAdd(odd, q, x);
        }
        return Vector128.Sum(AdvSimd.Add(even, odd));
    }

    private static int DotPortable(short* query, sbyte* code, int length)
    {
        var sum = 0;
        for (var i = 0; i < length; i++)
            sum += query[i] * code[i];
        return sum;
    }
}
