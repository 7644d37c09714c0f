using System.Runtime.Intrinsics;

namespace ServerlessRec.Index.Kernels;

/// <summary>Half to float by moving bits, exact on every path; the runtime has no instruction for it everywhere.</summary>
internal static unsafe class HalfKernel
{
    // Shifts the exponent from half's bias to float's, subnormals included: 2^(127 - 15).
    private const float Rebias = 5.192296858534828e33f;

    public static void ToFloat(ushort* source, float* destination, int length)
    {
        var i = 0;
        for (; i <= length - 8; i += 8)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(source + i));
            Expand(low).Store(destination + i);
            Expand(high).Store(destination + i + 4);
        }
        for (; i < length; i++)
            destination[i] = Expand(Vector128.CreateScalar((uint)source[i]))[0];
    }

    private static Vector128<float> Expand(Vector128<uint> half)
    {
        var magnitude = ((half & Vector128.Create(0x7FFFu)) << 13).AsSingle() * Vector128.Create(Rebias);
        return magnitude | ((half & Vector128.Create(0x8000u)) << 16).AsSingle();
    }
}
