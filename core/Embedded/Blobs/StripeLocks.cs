using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>
/// Mutual exclusion of writers by path, in this process and between processes: paths fall onto 64 lock files. The operating system
/// drops the lock of a process that dies, so nothing is ever left locked.
/// </summary>
internal sealed class StripeLocks(string directory)
{
    private const int Stripes = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(8);

    private readonly SemaphoreSlim[] _local = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    public async ValueTask<StripeLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        var stripe = (int)(Recommender.Catalogue.ItemHash.Of(path) % Stripes);
        var local = _local[stripe];
        await local.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var file = await OpenExclusivelyAsync(Path.Combine(directory, $"{stripe:x2}"), cancellationToken).ConfigureAwait(false);
            return new StripeLock(local, file);
        }
        catch
        {
            local.Release();
            throw;
        }
    }

    private static async ValueTask<SafeFileHandle> OpenExclusivelyAsync(string file, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(1);
        while (true)
        {
            try
            {
                return File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException held) when (held.GetType() == typeof(IOException))
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                {
                    throw new BlobStoreException(
                        $"Another process has held the lock '{file}' for {Patience.TotalSeconds:0} s; see whether one hangs.", held);
                }
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = pause < LongestPause ? pause * 2 : LongestPause;
        }
    }
}

/// <summary>A held lock. It also deals out the stripe's version numbers: each greater than every one before it.</summary>
internal readonly struct StripeLock(SemaphoreSlim local, SafeFileHandle file) : IDisposable
{
    /// <summary>The next version, in ticks of UTC time: now, or more when the clock went back.</summary>
    public long NextVersion(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        var last = RandomAccess.Read(file, bytes, 0) == bytes.Length ? BitConverter.ToInt64(bytes) : 0;
        return Math.Max(now.UtcTicks, last + 1);
    }

    /// <summary>Remembers the version that was used.</summary>
    public void Used(long version)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BitConverter.TryWriteBytes(bytes, version);
        RandomAccess.Write(file, bytes, 0);
    }

    public void Dispose()
    {
        file.Dispose();
        local.Release();
    }
}
