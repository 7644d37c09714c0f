using System.Globalization;
using System.Text;
using ServerlessRec.CrashWriter;

namespace ServerlessRec.Embedded.Tests.Durability;

/// <summary>What kill -9 at some moment of writing leaves: all that was acknowledged, whole, and a store that goes on.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 5;
    private readonly TestFolder _folder = new();
    private readonly Random _random = new(20261124);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_user_writer_leaves_every_acknowledged_write_and_no_half_transaction()
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            var lines = await KilledWriter.RunAsync("users", _folder.Path, 10 + _random.Next(60), Cancel);
            using var store = EmbeddedStore.Open(_folder.Path, TimeProvider.System);
            var users = await store.Users.ReadManyAsync([.. Enumerable.Range(0, UserWriter.Users).Select(u => $"u{u}")], Cancel);
            var stored = users.Select(user => Number(user!.State.User.Comment)).Distinct();
            Assert.InRange(Assert.Single(stored), Number(lines[^1]), Number(lines[^1]) + 1);
        }
    }

    [Fact]
    public async Task A_killed_blob_writer_leaves_the_last_acknowledged_version_or_the_next_and_nothing_between()
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            var lines = await KilledWriter.RunAsync("blobs", _folder.Path, 10 + _random.Next(60), Cancel);
            using var store = EmbeddedStore.Open(_folder.Path, TimeProvider.System);
            var blob = await store.Blobs.ReadAsync(BlobWriter.Path, Cancel);
            var (last, etag) = (Number(lines[^1].Split(' ')[0]), lines[^1].Split(' ')[1]);
            var found = Number(Encoding.ASCII.GetString(blob!.Bytes.Span[..10]));
            Assert.Equal(BlobWriter.Version(found), blob.Bytes.ToArray());
            Assert.InRange(found, last, last + 1);
            Assert.Equal(found == last, blob.ETag == etag);
        }
    }

    [Fact]
    public async Task A_killed_appender_leaves_whole_appends_only()
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            var lines = await KilledWriter.RunAsync("appends", _folder.Path, 10 + _random.Next(60), Cancel);
            using var store = EmbeddedStore.Open(_folder.Path, TimeProvider.System);
            var blob = await store.Blobs.ReadAsync(AppendWriter.Path, Cancel);
            Assert.InRange(blob!.Bytes.Length, Number(lines[^1]), Number(lines[^1]) + AppendWriter.LineLength);
            var whole = Encoding.ASCII.GetString(blob.Bytes.Span).Split('\n');
            Assert.Equal("", whole[^1]);
            Assert.All(whole[..^1], line => Assert.Equal(new string(line[0], AppendWriter.LineLength - 1), line));
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
