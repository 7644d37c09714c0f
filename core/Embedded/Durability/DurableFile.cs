using System.Runtime.InteropServices;

namespace ServerlessRec.Embedded.Durability;

/// <summary>
/// File changes that survive a power cut: a rename, a new file or a deleted file is durable only after its directory was flushed too.
/// Windows journals directory changes itself and cannot flush a directory handle; there only files are flushed.
/// </summary>
internal static partial class DurableFile
{
    /// <summary>Makes a flushed file appear under its name, over what was there, at once and durably.</summary>
    public static void Publish(string temporary, string destination)
    {
        File.Move(temporary, destination, overwrite: true);
        FlushDirectoryOf(destination);
    }

    /// <summary>Deletes a file durably; false when there was none.</summary>
    public static bool Delete(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        File.Delete(file);
        FlushDirectoryOf(file);
        return true;
    }

    /// <summary>Creates a directory and its missing parents durably.</summary>
    public static void CreateDirectory(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        var parent = Path.GetDirectoryName(directory);
        if (!string.IsNullOrEmpty(parent))
        {
            CreateDirectory(parent);
        }

        Directory.CreateDirectory(directory);
        FlushDirectoryOf(directory);
    }

    /// <summary>Flushes the directory that holds <paramref name="path"/>.</summary>
    public static void FlushDirectoryOf(string path)
    {
        if (!OperatingSystem.IsWindows() && Path.GetDirectoryName(path) is { Length: > 0 } directory)
        {
            FlushDirectory(directory);
        }
    }

    private static void FlushDirectory(string directory)
    {
        const int ReadOnly = 0;
        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"Directory '{directory}' could not be opened to flush it: error {Marshal.GetLastPInvokeError()}.");
        }

        try
        {
            if (Flush(descriptor) != 0)
            {
                throw new IOException($"Directory '{directory}' could not be flushed: error {Marshal.GetLastPInvokeError()}.");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
