namespace ServerlessRec.Contracts.Blobs;

public abstract partial class BlobStoreContract
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <summary>Lets the store's time pass; null when the store's clock cannot be moved (then expiry is not tested).</summary>
    protected abstract Task<bool> TryPassTime(TimeSpan time);

    [Fact]
    public async Task A_lease_has_one_holder_until_it_is_released()
    {
        var store = Open();
        var held = await store.TryAcquireLeaseAsync("rebuild", Duration, Cancel);
        Assert.NotNull(held);
        Assert.Null(await Open().TryAcquireLeaseAsync("rebuild", Duration, Cancel));
        await using var other = await Open().TryAcquireLeaseAsync("training", Duration, Cancel);
        Assert.NotNull(other);
        Assert.True(await held.TryRenewAsync(Cancel));
        await held.DisposeAsync();
        await using var next = await Open().TryAcquireLeaseAsync("rebuild", Duration, Cancel);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task A_holder_that_does_not_renew_loses_the_lease_to_the_next()
    {
        var store = Open();
        var dead = await store.TryAcquireLeaseAsync("rebuild", Duration, Cancel);
        Assert.SkipUnless(await TryPassTime(Duration - TimeSpan.FromSeconds(1)), "This store's clock cannot be moved.");
        Assert.Null(await store.TryAcquireLeaseAsync("rebuild", Duration, Cancel));
        await TryPassTime(TimeSpan.FromSeconds(2));

        await using var next = await store.TryAcquireLeaseAsync("rebuild", Duration, Cancel);
        Assert.NotNull(next);
        Assert.False(await dead!.TryRenewAsync(Cancel));
        await dead.DisposeAsync();
        Assert.True(await next.TryRenewAsync(Cancel));
    }

    [Fact]
    public async Task A_renewed_lease_lasts_from_its_renewal()
    {
        var store = Open();
        await using var held = await store.TryAcquireLeaseAsync("rebuild", Duration, Cancel);
        Assert.SkipUnless(await TryPassTime(TimeSpan.FromSeconds(10)), "This store's clock cannot be moved.");
        Assert.True(await held!.TryRenewAsync(Cancel));
        await TryPassTime(TimeSpan.FromSeconds(10));
        Assert.Null(await store.TryAcquireLeaseAsync("rebuild", Duration, Cancel));
    }

    [Fact]
    public async Task Of_many_that_want_a_lease_one_gets_it()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            await Open().TryAcquireLeaseAsync("one", Duration, Cancel))));
        Assert.Single(leases, lease => lease is not null);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(61)]
    public async Task A_lease_lasts_15_to_60_seconds(int seconds) => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        async () => await Open().TryAcquireLeaseAsync("x", TimeSpan.FromSeconds(seconds), Cancel));
}
