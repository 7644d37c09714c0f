using System.Runtime.InteropServices;
using TorchSharp;

namespace ServerlessRec.Training.Learning;

/// <summary>Sets the process up for TorchSharp. Must run before TorchSharp's first call, because its native libraries read the settings then.</summary>
internal static partial class TorchProcess
{
    private const int TrimThreshold = -1, MmapThreshold = -3;
    private const int KeptBytes = 1 << 30;

    /// <summary>Number of threads, and on Linux: threads that wait sleep instead of spinning, and freed tensors stay with the process.</summary>
    /// <param name="threads">0: all cores.</param>
    public static void Prepare(int threads)
    {
        if (OperatingSystem.IsLinux())
        {
            // Environment.SetEnvironmentVariable does not reach native code.
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);

            // Otherwise every batch's tensors come from fresh pages that the kernel has to clear.
            _ = SetAllocator(MmapThreshold, KeptBytes);
            _ = SetAllocator(TrimThreshold, KeptBytes);
        }

        torch.set_num_threads(threads == 0 ? Environment.ProcessorCount : threads);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);
}
