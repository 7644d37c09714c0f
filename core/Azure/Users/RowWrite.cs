using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Azure.Users;

/// <summary>A write, ready to be sent any number of times.</summary>
/// <param name="Key">Where.</param>
/// <param name="ExpectedETag">The version it replaces; null: only when there is no row.</param>
/// <param name="WriteId">Tells this write's row from any other's.</param>
/// <param name="Body">The row.</param>
internal sealed record RowWrite(UserKey Key, string? ExpectedETag, string WriteId, ReadOnlyMemory<byte> Body)
{
    // What the service takes for a version; anything else it calls malformed, where it is only outdated.
    private const string NoVersion = "W/\"datetime'1601-01-01T00%3A00%3A00.0000000Z'\"";

    /// <summary>All writes of a call; throws before any is sent.</summary>
    /// <exception cref="ArgumentException">A user stands twice, or a state is too large.</exception>
    public static RowWrite[] All(IReadOnlyList<UserWrite> writes)
    {
        var users = new HashSet<string>(writes.Count, StringComparer.Ordinal);
        var rows = new RowWrite[writes.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var (state, expected) = writes[i];
            var userId = state.User.UserId;
            if (!users.Add(userId))
            {
                throw new ArgumentException("A user stands twice in one call.", nameof(writes));
            }

            var id = Guid.NewGuid().ToString("N");
            var etag = expected is null || expected.StartsWith("W/\"datetime'", StringComparison.Ordinal) ? expected : NoVersion;
            var key = UserKey.Of(userId);
            rows[i] = new(key, etag, id, UserRow.Write(key, state, id));
        }

        return rows;
    }
}
