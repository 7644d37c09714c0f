using System.Runtime.InteropServices;

namespace ServerlessRec.Api.Hosting;

/// <summary>
/// Settings of the C library's allocator for a process that lives for weeks. OnnxRuntime and SQLite allocate from every thread; left
/// alone, glibc keeps an arena for each with the most it ever held. Its thresholds stay as they are: lower ones give pages back
/// sooner, and a rebuild beside requests then waits for new ones.
/// </summary>
public static partial class NativeAllocator
{
    // malloc.h of glibc.
    private const int MaxArenas = -8;

    private const int Arenas = 4;

    /// <summary>Few arenas; to be called before the first work. Nothing where the C library is another.</summary>
    public static void LimitArenas()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Mallopt(MaxArenas, Arenas);
        }
        catch (EntryPointNotFoundException)
        {
            // musl: it has no arenas that grow.
        }
    }

    /// <summary>
    /// Gives the pages of freed memory back to the system, of all arenas. Allocations of other threads wait for it for milliseconds: not
    /// while a release is swapped in.
    /// </summary>
    public static void ReturnFreed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl: it gives pages back by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keptBytes);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
