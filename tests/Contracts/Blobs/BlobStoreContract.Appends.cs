using System.Text;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Contracts.Blobs;

public abstract partial class BlobStoreContract
{
    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task Appends_follow_each_other_and_change_the_etag()
    {
        var store = Open();
        Assert.Equal(3, await store.AppendAsync("log/1", Bytes("abc"), 0, Cancel));
        var first = await store.GetPropertiesAsync("log/1", Cancel);
        Assert.Equal(5, await Open().AppendAsync("log/1", Bytes("de"), 3, Cancel));
        var second = await store.GetPropertiesAsync("log/1", Cancel);
        Assert.Equal(6, await store.AppendAsync("log/1", Bytes("f"), null, Cancel));

        Assert.Equal("abcdef", await ReadText(store, "log/1"));
        Assert.Equal(5, second!.Length);
        Assert.NotEqual(first!.ETag, second.ETag);
    }

    [Fact]
    public async Task An_append_at_another_position_than_expected_appends_nothing()
    {
        var store = Open();
        await Assert.ThrowsAsync<BlobPreconditionException>(async () => await store.AppendAsync("log", Bytes("x"), 1, Cancel));
        await store.AppendAsync("log", Bytes("abc"), null, Cancel);
        foreach (var wrong in new[] { 0L, 2, 4 })
        {
            await Assert.ThrowsAsync<BlobPreconditionException>(async () => await store.AppendAsync("log", Bytes("x"), wrong, Cancel));
        }

        Assert.Equal("abc", await ReadText(store, "log"));
    }

    [Fact]
    public async Task Appends_of_many_writers_never_mix()
    {
        const int Writers = 4;
        const int Each = 25;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var store = Open();
            for (var i = 0; i < Each; i++)
            {
                await store.AppendAsync("log", Bytes(new string((char)('a' + writer), 1000) + "\n"), null, Cancel);
            }
        })));
        var lines = (await ReadText(Open(), "log"))!.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Writers * Each, lines.Length);
        Assert.All(lines, line => Assert.Equal(new string(line[0], 1000), line));
    }

    [Fact]
    public async Task A_log_deleted_and_begun_again_starts_empty_with_another_etag()
    {
        var store = Open();
        await store.AppendAsync("log", Bytes("abc"), 0, Cancel);
        var first = await store.GetPropertiesAsync("log", Cancel);
        Assert.True(await store.DeleteAsync("log", Cancel));
        await store.AppendAsync("log", Bytes("xyz"), 0, Cancel);
        Assert.Equal("xyz", await ReadText(store, "log"));
        Assert.NotEqual(first!.ETag, (await store.GetPropertiesAsync("log", Cancel))!.ETag);
    }

    [Fact]
    public async Task A_range_behind_what_was_read_so_far_tails_the_log()
    {
        var store = Open();
        await store.AppendAsync("log", Bytes("one "), null, Cancel);
        var tail = new byte[100];
        var position = await store.ReadRangeAsync("log", 0, tail, Cancel);
        await store.AppendAsync("log", Bytes("two"), null, Cancel);
        var read = await Open().ReadRangeAsync("log", position, tail, Cancel);
        Assert.Equal("two", Encoding.UTF8.GetString(tail, 0, read));
    }
}
