using System.Globalization;
using Microsoft.Data.Sqlite;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Embedded.Users;

/// <summary>Opens connections and lays the table. user_version counts the layouts; a file of a newer program is refused.</summary>
internal static class UserSchema
{
    private const long Version = 1;

    // A rowid table: the row id keeps the tree of large rows dense while the text key has a small tree of its own.
    private const string Table = """
        CREATE TABLE IF NOT EXISTS users (
          id INTEGER PRIMARY KEY,
          user_id TEXT NOT NULL UNIQUE,
          etag INTEGER NOT NULL,
          is_deleted INTEGER NOT NULL,
          state BLOB NOT NULL);
        """;

    public static SqliteConnection Open(string file)
    {
        // Pooling off: UserDatabase keeps its own sessions with their prepared statements.
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA busy_timeout=30000");
            if (Scalar(connection, "PRAGMA user_version") is var version and not Version)
            {
                Create(connection, file, version);
            }

            // Each session has a cache of its own; what is in the file is read from the mapping, which all of them share.
            Execute(connection, "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-4096; PRAGMA mmap_size=268435456;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Moves the write-ahead log into the file and cuts it to nothing. Waits for readers that are under way; when one stays too long the log is
    /// left as it is.
    /// </summary>
    public static void EmptyLog(SqliteConnection connection) => Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");

    private static void Create(SqliteConnection connection, string file, long version)
    {
        if (version > Version)
        {
            throw new UserStoreException($"User store '{file}' has layout {version}; this program knows {Version}. Update the program.");
        }

        Execute(connection, "PRAGMA journal_mode=WAL;");
        using var transaction = connection.BeginTransaction();
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"{Table} PRAGMA user_version={Version};"), transaction);
        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
