using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ServerlessRec.Index.Kernels;

/// <summary>Asks for a cache line before it is needed; nothing on processors without such an instruction in .NET.</summary>
internal static unsafe class Prefetch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lines(byte* address, int length)
    {
        if (Sse.IsSupported)
        {
            for (var offset = 0; offset < length; offset += 64)
                Sse.Prefetch0(address + offset);
        }
    }
}
