using System.Buffers;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Serving;

/// <summary>
/// Finds users whose vectors lie nearest to a user's, exactly, among the users as they were when the store was last read through: five minutes
/// ago at most, or when the towers changed. Thread-safe.
/// </summary>
/// <remarks>Throws <see cref="ReleaseNotLoadedException"/> and <see cref="UserStoreException"/> like the other lists.</remarks>
public sealed class SimilarUsers(ReleaseHolder releases, IUserStore users, TimeProvider clock)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private Task<UserVectorTable>? _reading;
    private volatile UserVectorTable? _table;
    private long _readAt;

    /// <summary>The users most like one, the nearest first; none for a user of whom the release knows nothing.</summary>
    /// <param name="userId">Who; not in the answer.</param>
    /// <param name="query">Count and offset are read, nothing else.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async ValueTask<Recommendations> FindAsync(string userId, RecommendQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentNullException.ThrowIfNull(query);
        query.Validate();
        var request = new ListRequest(query, null, clock.GetTimestamp());
        var user = await users.ReadAsync(userId, cancellationToken).ConfigureAwait(false);
        var table = await TableAsync(cancellationToken).ConfigureAwait(false);
        using var release = releases.Acquire();
        var width = release.Features.Dimensions;
        var rented = ArrayPool<float>.Shared.Rent(width);
        try
        {
            var vector = rented.AsMemory(0, width);
            var known = table.Width == width && UserVectors.TryGet(release, user?.State, vector, cancellationToken);
            request.UserDone(clock);
            var nearest = known ? table.Nearest(vector.Span, userId, request.Wanted) : [];
            request.RetrieveDone(clock);
            return request.Finish(clock, release, [.. nearest.Skip(query.Offset)], "neighbors", []);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    // One reading at a time; it goes on when the caller who began it is gone, for the next one.
    private async ValueTask<UserVectorTable> TableAsync(CancellationToken cancellationToken)
    {
        if (Current() is { } current)
        {
            return current;
        }

        Task<UserVectorTable> reading;
        lock (_lock)
        {
            if (_reading?.IsCompleted != false)
            {
                _reading = ReadAsync();
            }

            reading = _reading;
        }

        return await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<UserVectorTable> ReadAsync()
    {
        using var release = releases.Acquire();
        var table = await UserVectorTable.ReadAsync(release, users, CancellationToken.None).ConfigureAwait(false);
        Volatile.Write(ref _readAt, clock.GetTimestamp());
        return _table = table;
    }

    private UserVectorTable? Current() =>
        _table is { } table && table.TowerVersion == releases.Manifest?.TowerVersion && clock.GetElapsedTime(Volatile.Read(ref _readAt)) < FreshFor ? table : null;
}
