using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>
/// Seconds of one thread: on the wall, or of processor time alone, which says the same on a machine that others use too. Processor time
/// is right only while everything measured runs on the calling thread.
/// </summary>
internal static partial class AnnClock
{
    private const int ThreadProcessorTime = 3;

    public static double Now(bool processorTime)
    {
        if (!processorTime)
            return (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
        if (GetTime(ThreadProcessorTime, out var time) != 0)
            throw new InvalidOperationException("This system has no processor time of threads; use --clock wall.");
        return time.Seconds + (time.Nanoseconds / 1e9);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
