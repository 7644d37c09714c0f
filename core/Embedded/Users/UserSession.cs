using Microsoft.Data.Sqlite;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Recommender.Users.Codec;

namespace ServerlessRec.Embedded.Users;

/// <summary>
/// One connection with its prepared statements; used by one thread at a time. After an exception it may hold half a transaction: it is
/// disposed, which rolls that back.
/// </summary>
internal sealed class UserSession : IDisposable
{
    // SQLite moves the log into the file by itself but begins it anew only when no reader happens to look at it; under steady load that is never.
    private const long LargestLogBytes = 32L << 20;

    private readonly SqliteConnection _connection;
    private readonly string _logFile;
    private readonly UserStatement _begin;
    private readonly UserStatement _beginWrite;
    private readonly UserStatement _commit;
    private readonly UserStatement _read;
    private readonly UserStatement _insert;
    private readonly UserStatement _update;
    private readonly UserStatement _delete;
    private readonly UserStatement _list;

    private UserSession(SqliteConnection connection, string file)
    {
        _connection = connection;
        _logFile = file + "-wal";
        _begin = new(connection, "BEGIN");
        _beginWrite = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _read = new(connection, "SELECT etag, state FROM users WHERE user_id = $user");
        _insert = new(connection, "INSERT INTO users (user_id, etag, is_deleted, state) VALUES ($user, $etag, $deleted, $state) "
            + "ON CONFLICT (user_id) DO NOTHING");
        _update = new(connection, "UPDATE users SET etag = $etag, is_deleted = $deleted, state = $state "
            + "WHERE user_id = $user AND etag = $expected");
        _delete = new(connection, "DELETE FROM users WHERE user_id = $user");
        _list = new(connection, "SELECT state FROM users WHERE user_id > $user AND is_deleted = 0 ORDER BY user_id LIMIT $count");
    }

    public static UserSession Open(string file)
    {
        var connection = UserSchema.Open(file);
        try
        {
            return new UserSession(connection, file);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public StoredUser? Read(string userId)
    {
        _read.User = userId;
        using var row = _read.Query();
        return row.Read() ? new StoredUser(UserStateCodec.Decode(row.GetFieldValue<byte[]>(1)), RowETag.Text(row.GetInt64(0))) : null;
    }

    public StoredUser?[] ReadMany(IReadOnlyList<string> userIds)
    {
        // One transaction is one snapshot and one shared lock instead of one a row.
        _begin.Execute();
        var users = new StoredUser?[userIds.Count];
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = Read(userIds[i]);
        }

        _commit.Execute();
        return users;
    }

    public UserWriteOutcome[] WriteMany(IReadOnlyList<EncodedWrite> writes)
    {
        var outcomes = new UserWriteOutcome[writes.Count];
        _beginWrite.Execute();
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Write(writes[i]);
        }

        _commit.Execute();
        if (new FileInfo(_logFile) is { Exists: true, Length: > LargestLogBytes })
        {
            UserSchema.EmptyLog(_connection);
        }

        return outcomes;
    }

    public bool Delete(string userId)
    {
        _delete.User = userId;
        return _delete.Execute() > 0;
    }

    public UserPage List(string after, int count)
    {
        _list.User = after;
        _list.Count = count;
        var users = new List<User>();
        using var row = _list.Query();
        while (row.Read())
        {
            users.Add(UserStateCodec.Decode(row.GetFieldValue<byte[]>(0)).User);
        }

        return new UserPage(users, users.Count < count ? "" : ListCursor.After(users[^1].UserId));
    }

    public void Dispose() => _connection.Dispose();

    private UserWriteOutcome Write(EncodedWrite write)
    {
        if (write.ExpectedETag is { } expected)
        {
            if (!RowETag.TryRead(expected, out var version))
            {
                return default;
            }

            _update.Set(write, RowETag.Next(version));
            _update.Expected = version;
            return _update.Execute() > 0 ? new(true, RowETag.Text(RowETag.Next(version))) : default;
        }

        var first = RowETag.First();
        _insert.Set(write, first);
        return _insert.Execute() > 0 ? new(true, RowETag.Text(first)) : default;
    }
}
