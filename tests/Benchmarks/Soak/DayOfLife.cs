using ServerlessRec.Api.Hosting;
using ServerlessRec.Benchmarks.Rebuild;
using ServerlessRec.Benchmarks.Stream;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Rebuilding;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Benchmarks.Soak;

/// <summary>One round of a day: events, item changes and lists beside each other, then a rebuild and the swap to it.</summary>
internal sealed class DayOfLife(
    SoakSettings settings,
    LiveLoop loop,
    CatalogueService catalogue,
    RecommendationService service,
    Rebuilder rebuilder,
    ReleaseHolder releases,
    TimeProvider clock)
{
    private const int Senders = 4;
    private const int Batch = 100;

    private readonly Queue<string> _added = new();
    private int _itemNumber;

    public int Published { get; private set; }

    /// <summary>Runs a round.</summary>
    public async Task RunRoundAsync(int round, CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            SendAsync(round, cancellationToken),
            Task.Run(() => ChangeAsync(cancellationToken), cancellationToken),
            Task.Run(() => AskAsync(round, cancellationToken), cancellationToken));
        while (!loop.Consumer.IsCaughtUp)
        {
            await Task.Delay(1, cancellationToken);
        }

        var outcome = await Task.Run(() => rebuilder.RunAsync(true, null, cancellationToken), cancellationToken);
        Published += outcome.Result == RebuildResult.Published ? 1 : throw new InvalidOperationException($"Round {round}: {outcome.Reason}");
        await Task.Run(() => releases.RefreshAsync(cancellationToken), cancellationToken);

        // As ReleaseWatcher does in the look after the one that swapped.
        NativeAllocator.ReturnFreed();
    }

    private async Task SendAsync(int round, CancellationToken cancellationToken)
    {
        string[] items;
        using (var release = releases.Acquire())
        {
            items = [.. Enumerable.Range(0, release.Items.Count).Select(release.Items.Id)];
        }

        var count = settings.Events / settings.Rebuilds;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(
            async () =>
            {
                var random = new Random((round * Senders) + sender);
                for (var sent = sender * Batch; sent < count; sent += Senders * Batch)
                {
                    var first = (round * count) + sent;
                    await loop.Log.AppendAsync(
                        [.. Enumerable.Range(first, Math.Min(Batch, count - sent)).Select(number => Event(number, items, random))], cancellationToken);
                }
            },
            cancellationToken)));
    }

    private FeedbackEvent Event(int number, string[] items, Random random) => new()
    {
        UserId = FeedbackStream.UserId(random.Next(settings.Users)),
        ItemId = items[random.Next(items.Length)],
        FeedbackType = "click",
        Timestamp = clock.GetUtcNow(),
        EventId = $"soak-{number:x8}",
    };

    // Half the changes add items, half delete the oldest of the added ones once there are enough: the catalogue keeps its size.
    private async Task ChangeAsync(CancellationToken cancellationToken)
    {
        var changes = settings.Changes / settings.Rebuilds;
        for (var i = 0; i < changes; i++)
        {
            CatalogueChange change;
            if (_added.Count > changes)
            {
                change = CatalogueChange.Delete(_added.Dequeue());
            }
            else
            {
                using var release = releases.Acquire();
                var item = GrownCatalogue.Variation(release.Items, _itemNumber++).Item;
                change = CatalogueChange.Put(item);
                _added.Enqueue(item.ItemId);
            }

            await catalogue.WriteAsync([change], cancellationToken);
        }
    }

    private async Task AskAsync(int round, CancellationToken cancellationToken)
    {
        var count = settings.Requests / settings.Rebuilds;
        for (var i = 0; i < count; i++)
        {
            var user = FeedbackStream.UserId(((round * count) + i) * 7919 % settings.Users);
            await service.RecommendAsync(user, new RecommendQuery(), cancellationToken);
        }
    }
}
