using Microsoft.Data.Sqlite;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Embedded.Users;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Embedded.Tests.Users;

public sealed class WriteAheadLogTests
{
    private const int Users = 20;
    private const int Commits = 192;
    private static readonly TimeSpan ReaderStays = TimeSpan.FromMilliseconds(80);

    [Fact]
    public async Task The_write_ahead_log_stays_small_though_there_is_always_a_reader()
    {
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "users.db");
        using var store = new SqliteUserStore(file);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        string?[] etags = new string?[Users];
        await WriteAsync(0);
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadAsync(file, stop.Token))).ToArray();
        for (var commit = 0; commit < Commits; commit++)
        {
            await WriteAsync(commit + 1);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);

        // All that was written is 190 MB.
        Assert.InRange(new FileInfo(file + "-wal").Length, 0, 100L << 20);

        async Task WriteAsync(int commit)
        {
            // SQLite writes no page that stays as it was.
            var labels = $"\"{new string((char)('a' + (commit % 26)), 50_000)}\"";
            var outcomes = await store.WriteManyAsync(
                [.. etags.Select((etag, user) => new UserWrite(UserStates.New($"u{user}") with { User = new User($"u{user}", labels) }, etag))],
                TestContext.Current.CancellationToken);
            etags = [.. outcomes.Select(outcome => outcome.ETag)];
        }
    }

    private static async Task ReadAsync(string file, CancellationToken stop)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        while (!stop.IsCancellationRequested)
        {
            using var transaction = connection.BeginTransaction(deferred: true);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM users";
            command.ExecuteScalar();
            await Task.Delay(ReaderStays, CancellationToken.None);
        }
    }
}
