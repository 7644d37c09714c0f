using System.Text.Json;
using Azure.Core;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Recommender.Users.Codec;

namespace ServerlessRec.Azure.Users;

/// <summary>
/// <see cref="IUserStore"/> in one table: a row a user, spread over 4,096 partitions. A read is one request for one row; a write carries the
/// row's ETag. Rows of one call are written side by side.
/// </summary>
/// <remarks>A write whose answer was lost is repeated; when the repeat is refused, the write's id in the row tells whether it was done. Thread-safe.</remarks>
public sealed class TableUserStore : IUserStore
{
    private const int Parallel = 32;
    private const string Living = "D eq false";

    private readonly TableRequests _table;

    internal TableUserStore(TableRequests table) => _table = table;

    /// <inheritdoc/>
    public async ValueTask<StoredUser?> ReadAsync(string userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return await ReadRowAsync(UserKey.Of(userId), cancellationToken).ConfigureAwait(false) is { } read
            ? new StoredUser(Decode(read.Row.State), read.ETag)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredUser?>> ReadManyAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        var users = new StoredUser?[userIds.Count];
        await ForEachAsync(users.Length, async (i, stop) => users[i] = await ReadAsync(userIds[i], stop).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        return users;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UserWriteOutcome>> WriteManyAsync(IReadOnlyList<UserWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var rows = RowWrite.All(writes);
        var outcomes = new UserWriteOutcome[writes.Count];
        await ForEachAsync(outcomes.Length, async (i, stop) => outcomes[i] = await WriteAsync(rows[i], stop).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        return outcomes;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        using var answer = await _table.DeleteAsync(UserKey.Of(userId), cancellationToken).ConfigureAwait(false);
        return answer.Response.Status is 204 || (TableFault.IsMissing(answer)
            ? answer.ProcessingContext.RetryNumber > 0
            : throw TableFault.Of(_table.Table, answer));
    }

    /// <inheritdoc/>
    public async ValueTask<UserPage> ListAsync(string? cursor, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var users = new List<User>();
        var next = RowCursor.Read(cursor);
        do
        {
            // A page of the service may hold fewer rows than asked, or none, and still have a continuation.
            using var answer = await _table.ListAsync(Living, Math.Min(count - users.Count, 1000), next.Partition, next.Row, cancellationToken).ConfigureAwait(false);
            if (answer.Response.Status != 200)
            {
                throw TableFault.Of(_table.Table, answer);
            }

            AddUsers(answer.Response.Content.ToMemory().Span, users);
            next = RowCursor.Of(answer.Response.Headers);
        }
        while (users.Count < count && !next.IsEnd);

        return new UserPage(users, next.Text);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) =>
        await ReadRowAsync(UserKey.Of(""), cancellationToken).ConfigureAwait(false);

    /// <summary>Makes the table where it is missing.</summary>
    internal async Task CreateAsync(CancellationToken cancellationToken)
    {
        using var answer = await _table.CreateTableAsync(cancellationToken).ConfigureAwait(false);

        // Whoever may use a table need not be allowed to make one: it may be there all the same.
        if (answer.Response.Status is not (201 or 204 or 403 or 409))
        {
            throw TableFault.Of(_table.Table, answer);
        }
    }

    private static async Task ForEachAsync(int count, Func<int, CancellationToken, ValueTask> act, CancellationToken cancellationToken) =>
        await System.Threading.Tasks.Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken }, act).ConfigureAwait(false);

    private async ValueTask<UserWriteOutcome> WriteAsync(RowWrite write, CancellationToken cancellationToken)
    {
        using var answer = write.ExpectedETag is { } expected
            ? await _table.ReplaceAsync(write.Key, write.Body, expected, cancellationToken).ConfigureAwait(false)
            : await _table.InsertAsync(write.Body, cancellationToken).ConfigureAwait(false);
        if (answer.Response.Status is 201 or 204)
        {
            return new(true, ETagOf(answer));
        }

        if (!TableFault.IsConflict(answer))
        {
            throw TableFault.Of(_table.Table, answer);
        }

        return answer.ProcessingContext.RetryNumber > 0
            && await ReadRowAsync(write.Key, cancellationToken).ConfigureAwait(false) is { } there && there.Row.WriteId == write.WriteId
                ? new(true, there.ETag)
                : default;
    }

    private async ValueTask<(UserRow Row, string ETag)?> ReadRowAsync(UserKey key, CancellationToken cancellationToken)
    {
        using var answer = await _table.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        return answer.Response.Status == 200 ? (Parse(answer.Response.Content.ToMemory().Span), ETagOf(answer))
            : TableFault.IsMissing(answer) ? null
            : throw TableFault.Of(_table.Table, answer);
    }

    private string ETagOf(HttpMessage answer) => answer.Response.Headers.TryGetValue("ETag", out var etag)
        ? etag
        : throw new UserStoreException($"Table '{_table.Table}': the service's answer has no ETag.");

    private UserRow Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            return UserRow.Read(ref reader);
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException)
        {
            throw new UserStoreException($"Table '{_table.Table}': the service's answer is no row: {malformed.Message}", malformed);
        }
    }

    private UserState Decode(byte[] state)
    {
        try
        {
            return UserStateCodec.Decode(state);
        }
        catch (UserStateFormatException damaged)
        {
            throw new UserStoreException($"Table '{_table.Table}': {damaged.Message}", damaged);
        }
    }

    private void AddUsers(ReadOnlySpan<byte> json, List<User> users)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read() && reader.TokenType != JsonTokenType.StartArray)
        {
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            users.Add(Decode(UserRow.Read(ref reader).State).User);
        }
    }
}
