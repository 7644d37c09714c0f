using System.Numerics.Tensors;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Serving;

/// <summary>The vectors of users at one moment, side by side. Immutable.</summary>
internal sealed class UserVectorTable
{
    /// <summary>Users that are read at most: their vectors lie in memory.</summary>
    private const int MaxUsers = 200_000;

    private const int UsersAtOnce = 500;

    private readonly string[] _ids;
    private readonly float[] _vectors;

    private UserVectorTable(string towerVersion, int width, string[] ids, float[] vectors) =>
        (TowerVersion, Width, _ids, _vectors) = (towerVersion, width, ids, vectors);

    /// <summary>The towers that made the vectors.</summary>
    public string TowerVersion { get; }

    /// <summary>Numbers of a vector.</summary>
    public int Width { get; }

    /// <summary>Reads the store through; vectors that are missing or of other towers are inferred.</summary>
    public static async Task<UserVectorTable> ReadAsync(LoadedRelease release, IUserStore users, CancellationToken cancellationToken)
    {
        var width = release.Features.Dimensions;
        var ids = new List<string>();
        var vectors = new List<float>();
        var cursor = "";
        do
        {
            var page = await users.ListAsync(cursor, UsersAtOnce, cancellationToken).ConfigureAwait(false);
            var states = await users.ReadManyAsync([.. page.Users.Select(user => user.UserId)], cancellationToken).ConfigureAwait(false);
            Add(release, [.. states.OfType<StoredUser>().Select(stored => stored.State)], ids, vectors, cancellationToken);
            cursor = page.Cursor;
        }
        while (cursor.Length > 0 && ids.Count < MaxUsers);

        return new UserVectorTable(release.Manifest.TowerVersion, width, [.. ids], [.. vectors]);
    }

    /// <summary>The nearest, best first, without one user.</summary>
    public List<ScoredItem> Nearest(ReadOnlySpan<float> vector, string without, int wanted)
    {
        var best = new PriorityQueue<int, float>();
        for (var i = 0; i < _ids.Length; i++)
        {
            var score = TensorPrimitives.Dot(vector, _vectors.AsSpan(i * Width, Width));
            if (best.Count < wanted || (best.TryPeek(out _, out var worst) && score > worst))
            {
                if (_ids[i] == without)
                {
                    continue;
                }

                best.Enqueue(i, score);
                if (best.Count > wanted)
                {
                    best.Dequeue();
                }
            }
        }

        var nearest = new List<ScoredItem>(best.Count);
        while (best.TryDequeue(out var user, out var score))
        {
            nearest.Add(new ScoredItem(_ids[user], score));
        }

        nearest.Reverse();
        return nearest;
    }

    private static void Add(LoadedRelease release, UserState[] states, List<string> ids, List<float> vectors, CancellationToken cancellationToken)
    {
        var width = release.Features.Dimensions;
        var inferred = new float[states.Length * width];
        var known = new bool[states.Length];
        release.UserTower.Infer([.. states.Select(state => state.History)], release.ReadItemVector, inferred, known, cancellationToken);
        for (var i = 0; i < states.Length; i++)
        {
            if (known[i])
            {
                ids.Add(states[i].User.UserId);
                vectors.AddRange(inferred.AsSpan(i * width, width));
            }
        }
    }
}
