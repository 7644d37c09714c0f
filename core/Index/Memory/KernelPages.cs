using System.Runtime.InteropServices;

namespace ServerlessRec.Index.Memory;

/// <summary>
/// Whole pages from the kernel, for blocks that live as long as a release. The C library's allocator would keep them after they are
/// freed: once it has seen blocks of some megabytes come and go, it cuts them from its own arenas, where what outlives them holds the pages.
/// </summary>
internal static partial class KernelPages
{
    /// <summary>Bytes below which the C library's allocator is the better place.</summary>
    public const long Smallest = 128 << 10;

    private const int ReadWrite = 1 | 2;
    private const int Private = 2;
    private static readonly int Anonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;

    /// <summary>Whether this system is known to give pages this way.</summary>
    public static bool Exist => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Zeroed pages; 0 where the system refuses.</summary>
    public static nint Map(nuint length)
    {
        var address = Mmap(0, length, ReadWrite, Private | Anonymous, -1, 0);
        return address == -1 ? 0 : address;
    }

    /// <summary>Gives all pages of a mapping back.</summary>
    public static void Unmap(nint address, nuint length) => _ = Munmap(address, length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Munmap(nint address, nuint length);
}
