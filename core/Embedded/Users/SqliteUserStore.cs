using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Embedded.Users;

/// <summary>
/// <see cref="IUserStore"/> in one SQLite file: a row a user. Any number of threads and processes of one machine may use one file at once;
/// writers wait for each other, readers never wait.
/// </summary>
/// <remarks>
/// SQLite is synchronous: every call runs on the calling thread and its task is complete when it returns. A write that returned survives a
/// power cut (write-ahead log, synchronous=FULL); writes of one call are one transaction and one flush.
/// </remarks>
public sealed class SqliteUserStore : IUserStore, IDisposable
{
    private readonly UserDatabase _database;

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="UserStoreException">It cannot be opened, or a newer program made it.</exception>
    public SqliteUserStore(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        _database = new UserDatabase(Path.GetFullPath(file));
    }

    /// <inheritdoc/>
    public ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_database.Use(session => session.Read(userId)));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<StoredUser?>>(_database.Use(session => session.ReadMany(userIds)));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(
        IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        cancellationToken.ThrowIfCancellationRequested();
        var rows = EncodedWrite.All(writes);
        return ValueTask.FromResult<IReadOnlyList<UserWriteOutcome>>(_database.Use(session => session.WriteMany(rows)));
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_database.Use(session => session.Delete(userId)));
    }

    /// <inheritdoc/>
    public ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        cancellationToken.ThrowIfCancellationRequested();
        var after = ListCursor.Read(cursor);
        return ValueTask.FromResult(_database.Use(session => session.List(after, count)));
    }

    /// <inheritdoc/>
    public ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _database.Use(session => session.Read(""));
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the file; no call may be under way.</summary>
    public void Dispose() => _database.Dispose();
}
