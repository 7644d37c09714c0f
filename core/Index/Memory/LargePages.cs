using System.Runtime.InteropServices;

namespace ServerlessRec.Index.Memory;

/// <summary>Asks the kernel for large pages. A refusal costs speed, nothing else, so it is not an error.</summary>
internal static partial class LargePages
{
    private const int MadviseHugePage = 14;

    public static void Advise(nint address, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = Madvise(address, (nuint)length, MadviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(nint address, nuint length, int advice);
}
