namespace ServerlessRec.Recommender.Blobs;

/// <summary>A lease somebody holds. Disposing releases it.</summary>
public interface IBlobLease : IAsyncDisposable
{
    /// <summary>Extends the lease by its duration from now; false when it was lost to another holder: stop the work at once.</summary>
    ValueTask<bool> TryRenewAsync(CancellationToken cancellationToken);
}
