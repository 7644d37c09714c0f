using Microsoft.Extensions.Time.Testing;
using ServerlessRec.Contracts.Blobs;
using ServerlessRec.Embedded.Blobs;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Embedded.Tests.Blobs;

public sealed class FolderBlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    // The clock stands still in all tests: versions must not depend on it.
    protected override IBlobStore Open() => new FolderBlobStore(_folder.Path, _clock);

    protected override Task<bool> TryPassTime(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.FromResult(true);
    }

    [Fact]
    public async Task A_blob_lies_as_a_plain_file_at_its_path()
    {
        await Open().WriteAsync("releases/r1/index.snapshot", Text("bytes"), WriteCondition.None, Cancel);
        Assert.Equal("bytes", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "releases", "r1", "index.snapshot"), Cancel));
    }

    [Fact]
    public async Task Half_an_append_that_a_crash_left_is_not_read_and_is_cut_by_the_next()
    {
        var store = Open();
        await store.AppendAsync("log", "whole\n"u8.ToArray(), null, Cancel);
        await File.AppendAllTextAsync(Path.Combine(_folder.Path, "log"), "half of an app", Cancel);

        Assert.Equal("whole\n", await ReadText(Open(), "log"));
        Assert.Equal(6, (await Open().GetPropertiesAsync("log", Cancel))!.Length);
        await Open().AppendAsync("log", "next\n"u8.ToArray(), 6, Cancel);
        Assert.Equal("whole\nnext\n", await ReadText(store, "log"));
    }

    [Fact]
    public async Task A_log_that_lost_committed_bytes_is_reported_and_never_read_as_shorter()
    {
        var store = Open();
        await store.AppendAsync("log", "committed"u8.ToArray(), null, Cancel);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "log"), "commit", Cancel);
        var cut = await Assert.ThrowsAsync<BlobStoreException>(async () => await store.ReadAsync("log", Cancel));
        Assert.Contains("'log'", cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_is_either_written_whole_or_appended_to()
    {
        var store = Open();
        await store.AppendAsync("log", "x"u8.ToArray(), null, Cancel);
        await store.WriteAsync("whole", Text("x"), WriteCondition.None, Cancel);
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.WriteAsync("log", Text("y"), WriteCondition.None, Cancel));
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.AppendAsync("whole", "y"u8.ToArray(), null, Cancel));
        Assert.Equal("x", await ReadText(store, "log"));
        Assert.Equal("x", await ReadText(store, "whole"));
    }

    [Fact]
    public async Task A_blob_below_a_blob_is_refused_with_its_path()
    {
        var store = Open();
        await store.WriteAsync("a", Text("x"), WriteCondition.None, Cancel);
        var refused = await Assert.ThrowsAsync<BlobStoreException>(
            async () => await store.WriteAsync("a/b", Text("x"), WriteCondition.None, Cancel));
        Assert.Contains("'a/b'", refused.Message, StringComparison.Ordinal);
        Assert.Null(await store.ReadAsync("a/b", Cancel));
    }

    [Fact]
    public async Task A_write_whose_source_fails_leaves_the_old_bytes_and_no_file()
    {
        var store = Open();
        await store.WriteAsync("x", Text("old"), WriteCondition.None, Cancel);
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.WriteAsync("x", new FailingStream(), WriteCondition.None, Cancel));
        Assert.Equal("old", await ReadText(store, "x"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder.Path, ".blobs", "staging")));
    }

    [Fact]
    public async Task A_stream_keeps_reading_the_version_it_was_opened_on()
    {
        var store = Open();
        await store.WriteAsync("x", Text("old"), WriteCondition.None, Cancel);
        await using var stream = await store.OpenReadAsync("x", Cancel);
        await store.WriteAsync("x", Text("new and longer"), WriteCondition.None, Cancel);
        Assert.Equal("old", await new StreamReader(stream!).ReadToEndAsync(Cancel));
    }

    private sealed class FailingStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            destination.WriteByte(1);
            throw new InvalidDataException("the source broke");
        }
    }
}
