using ServerlessRec.Contracts.Users;
using ServerlessRec.Embedded.Users;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Embedded.Tests.Users;

public sealed class SqliteUserStoreTests : UserStoreContract, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<SqliteUserStore> _stores = [];

    private string DatabaseFile => Path.Combine(_folder.Path, "users.db");

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Dispose();
    }

    protected override IUserStore Open()
    {
        lock (_stores)
        {
            _stores.Add(new SqliteUserStore(DatabaseFile));
            return _stores[^1];
        }
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_with_its_name()
    {
        File.WriteAllBytes(DatabaseFile, [.. Enumerable.Repeat((byte)'x', 5000)]);
        var refused = Assert.Throws<UserStoreException>(Open);
        Assert.Contains(DatabaseFile, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_of_a_newer_program_is_reported_and_not_taken_for_a_stranger()
    {
        await Open().WriteManyAsync([new UserWrite(UserStates.New("u"), null)], Cancel);
        Execute("UPDATE users SET state = x'5563' || substr(state, 3)");
        var refused = await Assert.ThrowsAsync<UserStoreException>(async () => await Open().ReadAsync("u", Cancel));
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_a_newer_program_is_refused()
    {
        Open();
        Execute("PRAGMA user_version = 7");
        Assert.Contains("layout 7", Assert.Throws<UserStoreException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_does_not_wait_for_a_writer()
    {
        var store = Open();
        await store.WriteManyAsync([new UserWrite(UserStates.New("u"), null)], Cancel);
        using var writer = Connect();
        using var transaction = writer.BeginTransaction(deferred: false);
        Assert.NotNull(await store.ReadAsync("u", Cancel));
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private Microsoft.Data.Sqlite.SqliteConnection Connect()
    {
        var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        connection.Open();
        return connection;
    }
}
