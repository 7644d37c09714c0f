using System.Collections.Concurrent;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Azure.Tests.Fixtures;
using ServerlessRec.Contracts.Blobs;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Azure.Tests.Blobs;

public sealed class AzureBlobStoreTests(SharedAzurite azurite) : BlobStoreContract, IAsyncLifetime
{
    private readonly StoreSettings _settings = azurite.NewStore();
    private readonly ConcurrentQueue<IBlobStore> _stores = new();

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            _stores.Enqueue((await AzureStore.OpenAsync(_settings, Cancel)).Blobs);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Instances of other processes would share nothing; these share nothing but their settings.
    protected override IBlobStore Open()
    {
        Assert.True(_stores.TryDequeue(out var store));
        _stores.Enqueue(store);
        return store;
    }

    // The service keeps the time of leases: it passes by itself.
    protected override async Task<bool> TryPassTime(TimeSpan time)
    {
        await Task.Delay(time, Cancel);
        return true;
    }

    [Fact]
    public async Task An_append_without_a_position_goes_on_where_others_ended()
    {
        var (first, second) = (Open(), Open());
        await first.AppendAsync("log", "a"u8.ToArray(), null, Cancel);
        await second.AppendAsync("log", "b"u8.ToArray(), null, Cancel);
        Assert.Equal(3, await first.AppendAsync("log", "c"u8.ToArray(), null, Cancel));
        Assert.Equal("abc", await ReadText(second, "log"));
    }

    [Fact]
    public async Task A_large_blob_is_written_under_its_condition_too()
    {
        var store = Open();
        var bytes = new byte[20 << 20];
        new Random(3).NextBytes(bytes);
        var etag = await store.WriteAsync("large", new MemoryStream(bytes), WriteCondition.MustNotExist, Cancel);
        await Assert.ThrowsAsync<BlobPreconditionException>(
            async () => await store.WriteAsync("large", new MemoryStream(bytes), WriteCondition.MustNotExist, Cancel));
        await store.WriteAsync("large", new MemoryStream(bytes), WriteCondition.Matches(etag), Cancel);
        var range = new byte[1000];
        Assert.Equal(1000, await store.ReadRangeAsync("large", 15_000_000, range, Cancel));
        Assert.True(bytes.AsSpan(15_000_000, 1000).SequenceEqual(range));
    }

    [Fact]
    public async Task Leases_stand_in_no_list()
    {
        await using var lease = await Open().TryAcquireLeaseAsync("rebuild", TimeSpan.FromSeconds(15), Cancel);
        await foreach (var blob in Open().ListAsync("", Cancel))
        {
            Assert.Fail($"'{blob.Path}' is listed.");
        }
    }
}
