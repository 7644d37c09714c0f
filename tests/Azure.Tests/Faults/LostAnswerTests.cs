using System.Text;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Azure.Tests.Fixtures;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Azure.Tests.Faults;

/// <summary>A write whose answer was lost is neither a conflict nor done twice.</summary>
public sealed class LostAnswerTests(SharedAzurite azurite)
{
    private const int Calls = 100;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appends_over_a_lossy_network_stand_once_each_and_in_order()
    {
        var (store, network) = await OpenAsync(1);
        var position = 0L;
        for (var i = 0; i < Calls; i++)
        {
            var line = Encoding.UTF8.GetBytes($"line {i}\n");
            position = await store.Blobs.AppendAsync("log", line, i % 2 == 0 ? position : null, Cancel);
        }

        var read = await store.Blobs.ReadAsync("log", Cancel);
        Assert.Equal(string.Concat(Enumerable.Range(0, Calls).Select(i => $"line {i}\n")), Encoding.UTF8.GetString(read!.Bytes.Span));
        Assert.True(network.Faults > 10);
    }

    [Fact]
    public async Task Conditional_writes_over_a_lossy_network_never_conflict_with_themselves()
    {
        var (store, network) = await OpenAsync(2);
        var etag = await store.Blobs.WriteAsync("pointer", Text("0"), WriteCondition.MustNotExist, Cancel);
        for (var i = 1; i <= Calls / 2; i++)
        {
            etag = await store.Blobs.WriteAsync("pointer", Text($"{i}"), WriteCondition.Matches(etag), Cancel);
        }

        Assert.Equal(etag, (await store.Blobs.GetPropertiesAsync("pointer", Cancel))!.ETag);
        Assert.True(network.Faults > 5);
    }

    [Fact]
    public async Task Rows_over_a_lossy_network_never_conflict_with_themselves()
    {
        var (store, network) = await OpenAsync(3);
        string? etag = null;
        for (var i = 0; i < Calls; i++)
        {
            var outcome = Assert.Single(await store.Users.WriteManyAsync([new UserWrite(UserStates.New("u", $"{i}"), etag)], Cancel));
            Assert.True(outcome.Written);
            etag = outcome.ETag;
        }

        Assert.Equal(etag, (await store.Users.ReadAsync("u", Cancel))!.ETag);
        Assert.True(network.Faults > 10);
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private async Task<(AzureStore Store, FaultyTransport Network)> OpenAsync(int seed)
    {
        var network = new FaultyTransport(new SocketsHttpHandler(), seed, 0.15, FaultyTransport.Lossy);
        var settings = azurite.NewStore();
        await AzureStore.OpenAsync(settings, Cancel);

        // As often as usual, but at once.
        var limits = ClientLimits.Blobs with { FirstDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) };
        return (AzureStore.Over(settings, network, limits), network);
    }
}
