using System.Runtime.CompilerServices;

namespace ServerlessRec.Training.Kernels;

/// <summary>Numbers at a place that does not move, on a cache line's boundary. Grows, never shrinks; contents are lost when it grows.</summary>
internal sealed unsafe class FloatBuffer
{
    private const int Line = 64;

    private float[] _numbers = [];

    /// <summary>The first number.</summary>
    public float* Start { get; private set; }

    /// <summary>Room for this many numbers, of any value.</summary>
    public float* Room(long length)
    {
        if (_numbers.Length < length + (Line / sizeof(float)))
        {
            _numbers = GC.AllocateUninitializedArray<float>(checked((int)length + (Line / sizeof(float))), pinned: true);
            var address = (nuint)Unsafe.AsPointer(ref _numbers[0]);
            Start = (float*)((address + (Line - 1)) & ~(nuint)(Line - 1));
        }

        return Start;
    }

    /// <summary>Room for this many zeros.</summary>
    public float* Zeros(long length)
    {
        var start = Room(length);
        new Span<float>(start, checked((int)length)).Clear();
        return start;
    }
}
