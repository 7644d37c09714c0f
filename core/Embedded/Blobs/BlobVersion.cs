using Microsoft.Win32.SafeHandles;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>
/// A whole blob's version is its file's modification time, set before the rename that publishes it: content and ETag change in one step,
/// and every process reads the same.
/// </summary>
internal static class BlobVersion
{
    // FAT and some network file systems keep no finer time.
    private static readonly long CoarsestStep = TimeSpan.FromSeconds(2).Ticks;

    public static string ETag(DateTime modified, long length) => $"w{modified.Ticks:x}-{length:x}";

    /// <summary>Gives a staged file a version greater than every earlier one; the caller holds the path's lock.</summary>
    public static string Stamp(SafeFileHandle file, StripeLock held, DateTimeOffset now)
    {
        var version = held.NextVersion(now);
        var stored = Set(file, version);
        if (stored < version)
        {
            stored = Set(file, version + CoarsestStep);
        }

        held.Used(stored);
        return ETag(new DateTime(stored, DateTimeKind.Utc), RandomAccess.GetLength(file));
    }

    private static long Set(SafeFileHandle file, long ticks)
    {
        File.SetLastWriteTimeUtc(file, new DateTime(ticks, DateTimeKind.Utc));
        return File.GetLastWriteTimeUtc(file).Ticks;
    }
}
