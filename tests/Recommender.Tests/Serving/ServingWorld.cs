using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Tests.Doubles;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Tests.Serving;

/// <summary>A service over one published release and users in memory, with the clock stopped.</summary>
internal sealed class ServingWorld : IDisposable
{
    public static readonly DateTimeOffset Now = TestCatalogue.Start.AddDays(365);

    private ServingWorld(CatalogueRow[] rows)
    {
        Rows = rows;
        Holder = new ReleaseHolder(Blobs, TimeProvider.System, NullLogger<ReleaseHolder>.Instance);
        Service = new RecommendationService(Holder, Users, new ServingOptions(), new StoppedClock());
    }

    public InMemoryBlobStore Blobs { get; } = new();

    public InMemoryUserStore Users { get; } = new();

    public CatalogueRow[] Rows { get; }

    public ReleaseHolder Holder { get; }

    public RecommendationService Service { get; }

    public static Task<ServingWorld> CreateAsync(int items) => CreateAsync(TestCatalogue.Rows(items));

    public static async Task<ServingWorld> CreateAsync(CatalogueRow[] rows)
    {
        var world = new ServingWorld(rows);
        await world.PublishAsync(rows);
        return world;
    }

    public async Task PublishAsync(CatalogueRow[] rows)
    {
        await new ReleaseStore(Blobs, TimeProvider.System).PublishAsync(TestCatalogue.Draft(rows));
        await Holder.RefreshAsync();
    }

    /// <summary>A user who has clicked these items, an hour apart, and has no vector yet.</summary>
    public UserState AddUser(string id, params int[] items)
    {
        var state = new UserState
        {
            User = new User(id),
            History = [.. items.Select((item, i) => new HistoryEntry($"item-{item}", "click", 1, TestCatalogue.Start.AddHours(i)))],
            SeenItems = [.. items.Select(item => ItemHash.Of($"item-{item}"))],
        };
        Users.Put(state);
        return state;
    }

    public CatalogueRow Row(ScoredItem item) => Rows[Ordinal(item)];

    public static int Ordinal(ScoredItem item) => int.Parse(item.Id.AsSpan("item-".Length));

    public void Dispose() => Holder.Dispose();

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
