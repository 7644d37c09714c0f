using System.Globalization;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>Leases as small files: holder and end. They need no flush: a power cut ends every holder with its lease.</summary>
internal sealed class FolderLeases(FolderLayout layout, StripeLocks locks, TimeProvider clock)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public async ValueTask<IBlobLease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (duration < Shortest || duration > Longest)
        {
            throw new ArgumentOutOfRangeException(nameof(duration), duration, "A lease lasts 15 to 60 seconds.");
        }

        var lease = new FolderLease(this, name, duration);
        return await ChangeAsync(name, holder => holder is null, lease.Holder, duration, cancellationToken).ConfigureAwait(false)
            ? lease
            : null;
    }

    /// <summary>Writes a new end for <paramref name="holder"/> if the present holder (null: none, or expired) allows it.</summary>
    private async ValueTask<bool> ChangeAsync(
        string name, Predicate<string?> allows, string holder, TimeSpan? duration, CancellationToken cancellationToken)
    {
        var file = layout.Lease(name);
        using var held = await locks.AcquireAsync("lease:" + name, cancellationToken).ConfigureAwait(false);
        if (!allows(PresentHolder(file, holder)))
        {
            return false;
        }

        if (duration is not { } lasting)
        {
            File.Delete(file);
            return true;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var staging = layout.NewStaging();
        var end = (clock.GetUtcNow() + lasting).ToUnixTimeMilliseconds();
        File.WriteAllText(staging, string.Create(CultureInfo.InvariantCulture, $"{holder} {end}"));
        File.Move(staging, file, overwrite: true);
        return true;
    }

    /// <summary>An expired lease has no holder, except that its own may still renew it while nobody took it.</summary>
    private string? PresentHolder(string file, string asking)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var parts = File.ReadAllText(file).Split(' ');
        if (parts.Length != 2 || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var end))
        {
            return null; // Cut short by a power loss: its holder is gone with it.
        }

        return parts[0] == asking || end > clock.GetUtcNow().ToUnixTimeMilliseconds() ? parts[0] : null;
    }

    private sealed class FolderLease(FolderLeases leases, string name, TimeSpan duration) : IBlobLease
    {
        public string Holder { get; } = Guid.NewGuid().ToString("N");

        public ValueTask<bool> TryRenewAsync(CancellationToken cancellationToken) =>
            FileFault.TellAsync(name, () => leases.ChangeAsync(name, holder => holder == Holder, Holder, duration, cancellationToken));

        public async ValueTask DisposeAsync() => await FileFault
            .TellAsync(name, () => leases.ChangeAsync(name, holder => holder == Holder, Holder, null, CancellationToken.None))
            .ConfigureAwait(false);
    }
}
