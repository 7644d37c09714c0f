namespace ServerlessRec.Recommender.Blobs;

/// <summary>
/// A lease that is renewed for as long as its holder works. <see cref="Lost"/> is cancelled when it went to somebody else: stop at once.
/// A holder that dies loses it after its duration.
/// </summary>
internal sealed class HeldLease : IAsyncDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly IBlobLease _lease;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _done = new();
    private readonly Task _renewing;

    private HeldLease(IBlobLease lease, TimeSpan duration, TimeProvider clock)
    {
        _lease = lease;
        Lost = _lost.Token;
        _renewing = RenewAsync(duration, clock);
    }

    public CancellationToken Lost { get; }

    /// <summary>Takes the lease, waiting while somebody else holds it; null when that takes longer than <paramref name="waitAtMost"/>.</summary>
    public static async Task<HeldLease?> AcquireAsync(
        IBlobStore blobs, string name, TimeSpan duration, TimeSpan waitAtMost, TimeProvider clock, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        for (var first = true; ; first = false)
        {
            if (await blobs.TryAcquireLeaseAsync(name, duration, cancellationToken).ConfigureAwait(false) is { } lease)
            {
                return new HeldLease(lease, duration, clock);
            }

            if (clock.GetElapsedTime(start) >= waitAtMost)
            {
                return null;
            }

            if (first)
            {
                progress?.Report($"waiting: somebody else holds the lease {name}");
            }

            await Task.Delay(RetryEvery, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        await _lease.DisposeAsync().ConfigureAwait(false);
        _done.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync(TimeSpan duration, TimeProvider clock)
    {
        try
        {
            while (true)
            {
                await Task.Delay(duration / 3, clock, _done.Token).ConfigureAwait(false);
                if (!await _lease.TryRenewAsync(_done.Token).ConfigureAwait(false))
                {
                    await _lost.CancelAsync().ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_done.IsCancellationRequested)
        {
            // The work is done.
        }
        catch (BlobStoreException)
        {
            // Whether the lease still holds is unknown, which is as good as lost.
            await _lost.CancelAsync().ConfigureAwait(false);
        }
    }
}
