using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ServerlessRec.Index.Kernels;

/// <summary>
/// Dot product and squared distance of floats. Sixteen partial sums, multiplication and addition rounded apart, and one order of
/// folding on every path: so the scores, and with them the neighbours, are the same bits whatever the width of the registers.
/// </summary>
internal static unsafe class FloatKernel
{
    /// <summary>Vectors are padded with zeros to a multiple of this.</summary>
    public const int Step = 16;

    public static float Dot(float* a, float* b, int length)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < length; i += Step)
                sum += Vector512.Load(a + i) * Vector512.Load(b + i);
            return Fold(sum.GetLower(), sum.GetUpper());
        }
        if (Vector256.IsHardwareAccelerated)
        {
            var low = Vector256<float>.Zero;
            var high = Vector256<float>.Zero;
            for (var i = 0; i < length; i += Step)
            {
                low += Vector256.Load(a + i) * Vector256.Load(b + i);
                high += Vector256.Load(a + i + 8) * Vector256.Load(b + i + 8);
            }
            return Fold(low, high);
        }
        var s0 = Vector128<float>.Zero;
        var s1 = Vector128<float>.Zero;
        var s2 = Vector128<float>.Zero;
        var s3 = Vector128<float>.Zero;
        for (var i = 0; i < length; i += Step)
        {
            s0 += Vector128.Load(a + i) * Vector128.Load(b + i);
            s1 += Vector128.Load(a + i + 4) * Vector128.Load(b + i + 4);
            s2 += Vector128.Load(a + i + 8) * Vector128.Load(b + i + 8);
            s3 += Vector128.Load(a + i + 12) * Vector128.Load(b + i + 12);
        }
        return Fold(s0 + s2, s1 + s3);
    }

    public static float SquaredDistance(float* a, float* b, int length)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < length; i += Step)
            {
                var difference = Vector512.Load(a + i) - Vector512.Load(b + i);
                sum += difference * difference;
            }
            return Fold(sum.GetLower(), sum.GetUpper());
        }
        if (Vector256.IsHardwareAccelerated)
        {
            var low = Vector256<float>.Zero;
            var high = Vector256<float>.Zero;
            for (var i = 0; i < length; i += Step)
            {
                var first = Vector256.Load(a + i) - Vector256.Load(b + i);
                var second = Vector256.Load(a + i + 8) - Vector256.Load(b + i + 8);
                low += first * first;
                high += second * second;
            }
            return Fold(low, high);
        }
        var s0 = Vector128<float>.Zero;
        var s1 = Vector128<float>.Zero;
        var s2 = Vector128<float>.Zero;
        var s3 = Vector128<float>.Zero;
        for (var i = 0; i < length; i += Step)
        {
            var d0 = Vector128.Load(a + i) - Vector128.Load(b + i);
            var d1 = Vector128.Load(a + i + 4) - Vector128.Load(b + i + 4);
            var d2 = Vector128.Load(a + i + 8) - Vector128.Load(b + i + 8);
            var d3 = Vector128.Load(a + i + 12) - Vector128.Load(b + i + 12);
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        return Fold(s0 + s2, s1 + s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fold(Vector256<float> low, Vector256<float> high)
    {
        var sum = low + high;
        return Fold(sum.GetLower(), sum.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fold(Vector128<float> low, Vector128<float> high)
    {
        var sum = low + high;
        return (sum[0] + sum[2]) + (sum[1] + sum[3]);
    }
}
