using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ServerlessRec.Contracts.InMemory;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Tests.Feedback;

public sealed class FeedbackConsumerTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly InMemoryUserStore _users = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_batch_whose_store_is_away_is_tried_again_until_it_succeeds()
    {
        await using var log = Open();
        var failures = 2;
        var loop = Start(log, () => failures-- > 0 ? throw new InvalidOperationException("away") : 0);
        await log.AppendAsync([Event("u", 1)], Cancel);
        await Until(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            return _users.All.Count == 1;
        });
        await loop.StopAsync();
        Assert.Single(Assert.Single(_users.All).State.History);
    }

    [Fact]
    public async Task A_new_consumer_goes_on_behind_the_checkpoint()
    {
        await using var log = Open();
        var loop = Start(log);
        await log.AppendAsync([Event("u", 1)], Cancel);
        await Until(() => loop.Consumer.IsCaughtUp);
        await loop.StopAsync();

        var delivered = 0;
        var next = Start(log, () => delivered++);
        await log.AppendAsync([Event("u", 2)], Cancel);
        await Until(() => next.Consumer.IsCaughtUp);
        await next.StopAsync();
        Assert.Equal(1, delivered);
        Assert.Equal(["i1", "i2"], Assert.Single(_users.All).State.History.Select(entry => entry.ItemId));
    }

    [Fact]
    public async Task Consumed_segments_are_deleted_though_a_partition_got_nothing()
    {
        await using var log = Open();
        var loop = Start(log);
        for (var i = 0; i < 40; i++)
        {
            await log.AppendAsync([Event("only one user", i) with { Comment = new string('x', 10_000) }], Cancel);
        }

        await Until(() => loop.Consumer.IsCaughtUp);
        Assert.True(SegmentCount() > 3);
        await Until(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            return SegmentCount() == 1;
        });
        await loop.StopAsync();
    }

    private int SegmentCount() => Directory.GetFiles(_folder.Path, "*.log").Length;

    private PartitionedFeedbackLog Open() =>
        PartitionedFeedbackLog.Open(_folder.Path, new FeedbackLogOptions { SegmentBytes = 64 << 10 }, TimeProvider.System);

    private Loop Start(PartitionedFeedbackLog log, Func<int>? beforeInference = null)
    {
        var blobs = new InMemoryBlobStore(TimeProvider.System);
        var processor = new FeedbackProcessor(
            new FailingUserStore(_users, beforeInference ?? (() => 0)),
            (_, _) => null,
            FeedbackFiles.Over(blobs, _clock),
            new FeedbackRetries(),
            _clock,
            NullLogger<FeedbackProcessor>.Instance);
        var consumer = new FeedbackConsumer(
            log, Path.Combine(_folder.Path, "users.checkpoint"), processor, _clock, NullLogger<FeedbackConsumer>.Instance);
        var stop = new CancellationTokenSource();
        return new Loop(consumer, stop, consumer.RunAsync(stop.Token));
    }

    private static FeedbackEvent Event(string user, int n) =>
        new() { UserId = user, ItemId = $"i{n}", FeedbackType = "click", Timestamp = DateTimeOffset.UnixEpoch.AddSeconds(n) };

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, Cancel);
        }
    }

    private sealed record Loop(FeedbackConsumer Consumer, CancellationTokenSource Stop, Task Run)
    {
        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Run;
            Consumer.Dispose();
            Stop.Dispose();
        }
    }
}
