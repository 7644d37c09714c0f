using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServerlessRec.Index.Kernels;

/// <summary>Code and residual together are a 16-bit number: centre + scale / 256 × (256 × code + residual).</summary>
internal static unsafe class ResidualKernel
{
    public static void ToFloat(sbyte* code, sbyte* residual, float scale, float* centre, float* destination, int length)
    {
        var step = scale / 256f;
        var i = 0;
        if (Avx2.IsSupported)
        {
            // The same three roundings as below, so that every path gives the same floats.
            for (; i <= length - 8; i += 8)
            {
                var joined = (Avx2.ConvertToVector256Int32(code + i) << 8) + Avx2.ConvertToVector256Int32(residual + i);
                ((Vector256.ConvertToSingle(joined) * Vector256.Create(step)) + Vector256.Load(centre + i)).Store(destination + i);
            }
        }
        for (; i <= length - 8; i += 8)
        {
            var (codes, _) = Vector128.Widen(Vector64.Load(code + i).ToVector128());
            var (residuals, _) = Vector128.Widen(Vector64.Load(residual + i).ToVector128());
            var (low, high) = (Widen(codes, residuals), WidenUpper(codes, residuals));
            ((Vector128.ConvertToSingle(low) * Vector128.Create(step)) + Vector128.Load(centre + i)).Store(destination + i);
            ((Vector128.ConvertToSingle(high) * Vector128.Create(step)) + Vector128.Load(centre + i + 4)).Store(destination + i + 4);
        }
        for (; i < length; i++)
            destination[i] = (((code[i] * 256) + residual[i]) * step) + centre[i];
    }

    private static Vector128<int> Widen(Vector128<short> codes, Vector128<short> residuals) =>
        (Vector128.WidenLower(codes) << 8) + Vector128.WidenLower(residuals);

    private static Vector128<int> WidenUpper(Vector128<short> codes, Vector128<short> residuals) =>
        (Vector128.WidenUpper(codes) << 8) + Vector128.WidenUpper(residuals);
}
