using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessRec.Embedded;
using ServerlessRec.EndToEnd.Fixtures;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.EndToEnd.Serving;

/// <summary>What is served over HTTP, against exact search over the same vectors.</summary>
public sealed class ExactSearchTests(TrainedStore store)
{
    private const int Users = 500;
    private const int Count = 20;

    [Fact]
    public async Task Five_hundred_users_get_what_exact_search_over_the_same_vectors_finds()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var stores = EmbeddedStore.Open(store.Folder, TimeProvider.System);
        var current = await new ReleaseStore(stores.Blobs, TimeProvider.System).ReadCurrentAsync(cancellation);
        using var release = await new ReleaseLoader(stores.Blobs).LoadAsync(current!.Current, cancellationToken: cancellation);
        var users = 0;
        var found = 0;
        var wanted = 0;
        await foreach (var state in StatesAsync(stores.Users, cancellation))
        {
            var exact = Exact(release, state);
            if (exact.Count == 0)
            {
                continue;
            }

            var served = await ServedAsync(state.User.UserId);
            wanted += exact.Count;
            found += exact.Count(served.Contains);
            if (++users == Users)
            {
                break;
            }
        }

        Assert.Equal(Users, users);
        Assert.Equal(Users * Count, wanted);
        Assert.True(found >= 0.95 * wanted, $"{found} of {wanted} items are the same.");
    }

    private static async IAsyncEnumerable<UserState> StatesAsync(IUserStore users, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = "";
        do
        {
            var page = await users.ListAsync(cursor, 200, cancellationToken);
            cursor = page.Cursor;
            foreach (var stored in await users.ReadManyAsync([.. page.Users.Select(user => user.UserId)], cancellationToken))
            {
                yield return stored!.State;
            }
        }
        while (cursor.Length > 0);
    }

    private static List<string> Exact(LoadedRelease release, UserState user)
    {
        var dimensions = release.Features.Dimensions;
        var query = new float[dimensions];
        var known = new bool[1];
        release.UserTower.Infer([user.History], release.ReadItemVector, query, known);
        if (!known[0])
        {
            return [];
        }

        var seen = user.SeenItems.ToHashSet();
        var vector = new float[dimensions];
        var scored = new List<(string Id, float Score)>();
        for (var row = 0; row < release.Items.Count; row++)
        {
            var id = release.Items.Id(row);
            if (!release.Items.IsHidden(row) && !seen.Contains(ItemHash.Of(id)))
            {
                release.Index.CopyVector(row, vector);
                scored.Add((id, TensorPrimitives.Dot<float>(query, vector)));
            }
        }

        return [.. scored.OrderByDescending(item => item.Score).Take(Count).Select(item => item.Id)];
    }

    private async Task<HashSet<string>> ServedAsync(string userId)
    {
        // The retrieval's own order: the release may have a ranker, which puts its best candidates into another one.
        var target = $"/api/collaborative-filtering/{Uri.EscapeDataString(userId)}?n={Count}";
        using var answer = JsonDocument.Parse(await store.Client.GetStringAsync(target, TestContext.Current.CancellationToken));
        return [.. answer.RootElement.EnumerateArray().Select(item => item.GetProperty("Id").GetString()!)];
    }
}
