using System.Text;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Contracts.Blobs;

/// <summary>What every <see cref="IBlobStore"/> must do. An implementation's tests derive from this class.</summary>
public abstract partial class BlobStoreContract
{
    /// <summary>A store over the test's own storage; a second call opens the same storage again, like another process would.</summary>
    protected abstract IBlobStore Open();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected static Stream Text(string text) => new MemoryStream(Encoding.UTF8.GetBytes(text));

    protected static async Task<string?> ReadText(IBlobStore store, string path) =>
        await store.ReadAsync(path, Cancel) is { } blob ? Encoding.UTF8.GetString(blob.Bytes.Span) : null;

    [Fact]
    public async Task A_written_blob_is_read_back_by_any_instance()
    {
        var etag = await Open().WriteAsync("a/b/c.json", Text("hello"), WriteCondition.None, Cancel);

        var other = Open();
        var read = await other.ReadAsync("a/b/c.json", Cancel);
        var properties = await other.GetPropertiesAsync("a/b/c.json", Cancel);
        Assert.Equal("hello", Encoding.UTF8.GetString(read!.Bytes.Span));
        Assert.Equal(etag, read.ETag);
        Assert.Equal(new BlobProperties("a/b/c.json", 5, etag, properties!.LastModified), properties);
    }

    [Fact]
    public async Task A_missing_blob_is_null_and_a_range_of_it_an_error()
    {
        var store = Open();
        Assert.Null(await store.ReadAsync("no", Cancel));
        Assert.Null(await store.GetPropertiesAsync("no", Cancel));
        Assert.Null(await store.OpenReadAsync("no", Cancel));
        Assert.False(await store.DeleteAsync("no", Cancel));
        var missing = await Assert.ThrowsAsync<BlobNotFoundException>(async () => await store.ReadRangeAsync("no", 0, new byte[1], Cancel));
        Assert.Equal("no", missing.Path);
    }

    [Fact]
    public async Task Every_write_of_the_same_bytes_has_its_own_etag()
    {
        var store = Open();
        var etags = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            etags.Add(await store.WriteAsync("x", Text("same"), WriteCondition.None, Cancel));
        }

        Assert.Equal(20, etags.Count);
    }

    [Fact]
    public async Task A_blob_deleted_and_written_again_has_another_etag()
    {
        var store = Open();
        var first = await store.WriteAsync("x", Text("same"), WriteCondition.None, Cancel);
        Assert.True(await store.DeleteAsync("x", Cancel));
        Assert.NotEqual(first, await store.WriteAsync("x", Text("same"), WriteCondition.None, Cancel));
    }

    [Fact]
    public async Task A_write_over_an_outdated_version_changes_nothing()
    {
        var store = Open();
        var first = await store.WriteAsync("x", Text("one"), WriteCondition.None, Cancel);
        var second = await store.WriteAsync("x", Text("two"), WriteCondition.Matches(first), Cancel);

        var refused = await Assert.ThrowsAsync<BlobPreconditionException>(
            async () => await Open().WriteAsync("x", Text("three"), WriteCondition.Matches(first), Cancel));
        Assert.Equal("x", refused.Path);
        Assert.Equal("two", await ReadText(store, "x"));
        Assert.Equal(second, (await store.GetPropertiesAsync("x", Cancel))!.ETag);
    }

    [Fact]
    public async Task Conditions_on_a_missing_and_on_a_present_blob_hold()
    {
        var store = Open();
        await Assert.ThrowsAsync<BlobPreconditionException>(
            async () => await store.WriteAsync("x", Text("a"), WriteCondition.Matches("nothing"), Cancel));
        Assert.Null(await ReadText(store, "x"));
        await store.WriteAsync("x", Text("a"), WriteCondition.MustNotExist, Cancel);
        await Assert.ThrowsAsync<BlobPreconditionException>(
            async () => await store.WriteAsync("x", Text("b"), WriteCondition.MustNotExist, Cancel));
        Assert.Equal("a", await ReadText(store, "x"));
    }

    [Fact]
    public async Task Of_many_writers_over_one_version_exactly_one_wins_each_round()
    {
        const int Writers = 8;
        var store = Open();
        var etag = await store.WriteAsync("counter", Text("0"), WriteCondition.None, Cancel);
        for (var round = 1; round <= 10; round++)
        {
            var written = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                try
                {
                    return await Open().WriteAsync("counter", Text($"{round}.{writer}"), WriteCondition.Matches(etag), Cancel);
                }
                catch (BlobPreconditionException)
                {
                    return null;
                }
            })));
            etag = Assert.Single(written, won => won is not null)!;
            Assert.Equal(etag, (await store.GetPropertiesAsync("counter", Cancel))!.ETag);
        }
    }

    [Fact]
    public async Task Readers_of_a_blob_under_rewriting_see_whole_versions_only()
    {
        var store = Open();
        string Version(int i) => new((char)('a' + (i % 26)), 100_000 + i);
        await store.WriteAsync("x", Text(Version(0)), WriteCondition.None, Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reader = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var text = await ReadText(Open(), "x");
                Assert.Equal(new string(text![0], text.Length), text);
                Assert.Equal(text[0], (char)('a' + ((text.Length - 100_000) % 26)));
            }
        }, Cancel);
        for (var i = 1; i < 60; i++)
        {
            await store.WriteAsync("x", Text(Version(i)), WriteCondition.None, Cancel);
        }

        await stop.CancelAsync();
        await reader;
    }

    [Theory]
    [InlineData(0, 3, "abc")]
    [InlineData(4, 10, "ef")]
    [InlineData(6, 4, "")]
    [InlineData(100, 4, "")]
    public async Task A_range_ends_at_the_end_of_the_blob(long offset, int length, string expected)
    {
        var store = Open();
        await store.WriteAsync("x", Text("abcdef"), WriteCondition.None, Cancel);
        var bytes = new byte[length];
        var read = await store.ReadRangeAsync("x", offset, bytes, Cancel);
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes, 0, read));
    }

    [Fact]
    public async Task A_blob_opened_for_reading_gives_all_its_bytes()
    {
        var bytes = new byte[3_000_001];
        new Random(1).NextBytes(bytes);
        var store = Open();
        await store.WriteAsync("big", new MemoryStream(bytes), WriteCondition.None, Cancel);
        await using var stream = await store.OpenReadAsync("big", Cancel);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy, Cancel);
        Assert.Equal(bytes, copy.ToArray());
    }

    [Fact]
    public async Task A_list_holds_the_blobs_of_the_prefix_in_the_order_of_their_paths()
    {
        var store = Open();
        foreach (var path in new[] { "r/b/1", "r/b-2", "r/a", "r/b.x", "r/B", "s/z", "r/b/0/deep", "rx" })
        {
            await store.WriteAsync(path, Text(path), WriteCondition.None, Cancel);
        }

        await store.AppendAsync("r/log", "x"u8.ToArray(), null, Cancel);
        Assert.Equal(["r/B", "r/a", "r/b-2", "r/b.x", "r/b/0/deep", "r/b/1", "r/log"], await Paths(store, "r/"));
        Assert.Equal(["r/b-2", "r/b.x", "r/b/0/deep", "r/b/1"], await Paths(store, "r/b"));
        Assert.Equal(9, (await Paths(store, "")).Count);
        Assert.Empty(await Paths(store, "nothing/here"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData(".blobs/locks/00")]
    public async Task A_path_that_breaks_the_rules_is_refused(string path)
    {
        var store = Open();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.WriteAsync(path, Text("x"), WriteCondition.None, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.ReadAsync(path, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.DeleteAsync(path, Cancel));
    }

    private static async Task<List<string>> Paths(IBlobStore store, string prefix)
    {
        var paths = new List<string>();
        await foreach (var blob in store.ListAsync(prefix, Cancel))
        {
            paths.Add(blob.Path);
        }

        return paths;
    }
}
