using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.CrashWriter;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Tests.Durability;

public sealed class LoopKillTests : IDisposable
{
    private const int Kills = 6;
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_acknowledged_event_is_in_its_users_history_exactly_once_however_often_the_loop_is_killed()
    {
        var random = new Random(20261124);
        var acknowledged = new HashSet<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            // A gap between runs: an event that was written but not acknowledged has a number of its own.
            var lines = await KilledWriter.RunAsync("loop", _folder.Path, 20 + random.Next(400), Cancel, first: 100_000 * kill);
            acknowledged.UnionWith(lines);
        }

        using var store = EmbeddedStore.Open(_folder.Path, TimeProvider.System);
        await ConsumeTheRest(store);
        foreach (var user in await store.Users.ReadManyAsync([.. Enumerable.Range(0, LoopWriter.Users).Select(LoopWriter.UserOf)], Cancel))
        {
            var items = user!.State.History.Select(entry => entry.ItemId).ToList();
            Assert.Equal(items.Count, items.Distinct().Count());
            var oldest = user.State.History.Count < 200 ? -1 : Number(items[0]);
            var expected = acknowledged.Select(Number).Where(n => LoopWriter.UserOf(n) == user.State.User.UserId && n >= oldest);
            Assert.Empty(expected.Except(items.Select(Number)));
        }

        var archive = new FeedbackArchiveReader(store.Blobs).ReadAsync(DateTimeOffset.UtcNow.AddHours(-2), DateTimeOffset.UtcNow, Cancel);
        var archived = await archive.Select(logged => logged.Event.ItemId).ToListAsync(Cancel);
        Assert.Equal(archived.Count, archived.Distinct().Count());
        Assert.Empty(acknowledged.Except(archived));
    }

    private static async Task ConsumeTheRest(EmbeddedStore store)
    {
        await using var log = store.OpenFeedbackLog(new FeedbackLogOptions());
        var processor = LoopWriter.Processor(store);
        using var consumer = store.CreateConsumer(log, processor, NullLogger<FeedbackConsumer>.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = consumer.RunAsync(stop.Token);
        while (!consumer.IsCaughtUp)
        {
            await Task.Delay(10, Cancel);
        }

        await stop.CancelAsync();
        await running;

        // What was tried alone when its process was killed is parked until the timer comes.
        await processor.ReplayParkedAsync(Cancel);
    }

    private static int Number(string item) => int.Parse(item[1..], System.Globalization.CultureInfo.InvariantCulture);
}
