using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Contracts.InMemory;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Contracts.Feedback;

/// <summary>What every feedback log with its consumer must do: what goes in at one end comes out at the other, whole, once, and in each user's order.</summary>
public abstract class FeedbackLogContract
{
    private const int Users = 12;

    // Longer than any log takes to hand an event over on a machine that is fully loaded.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly InMemoryUserStore _users = new();
    private readonly InMemoryBlobStore _blobs = new(TimeProvider.System);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract IFeedbackLog Log { get; }

    /// <summary>A consumer as a process of its own would have it; where the one before ended, this one goes on.</summary>
    protected abstract IFeedbackConsumer OpenConsumer(FeedbackProcessor processor);

    [Fact]
    public async Task What_many_callers_append_is_applied_once_each_and_in_the_order_of_its_user()
    {
        await Task.WhenAll(Enumerable.Range(0, Users).Select(async user =>
        {
            for (var n = 0; n < 20; n += 2)
            {
                await Log.AppendAsync([Event(user, n), Event(user, n + 1)], Cancel);
            }
        }));
        await ConsumeUntilAsync(20 * Users);
        Assert.All(_users.All, user => Assert.Equal(Enumerable.Range(0, 20).Select(n => $"i{n}"), user.State.History.OrderBy(entry => entry.Sequence).Select(entry => entry.ItemId)));
    }

    [Fact]
    public async Task One_call_may_hold_any_users_and_an_empty_one_does_nothing()
    {
        await Log.AppendAsync([], Cancel);
        await Log.AppendAsync([.. Enumerable.Range(0, 200).Select(n => Event(n % Users, n))], Cancel);
        await Log.AppendAsync([], Cancel);
        await ConsumeUntilAsync(200);
    }

    [Fact]
    public async Task Every_field_arrives_as_it_was_given()
    {
        var full = new FeedbackEvent
        {
            FeedbackType = "rating",
            UserId = "日本語/😀 ü",
            ItemId = "a/b c?#&=%",
            Value = -2.5,
            Timestamp = UserStates.Noon.AddMilliseconds(7),
            LabelsJson = """{"page":[1,2,{"x":null}]}""",
            Comment = "two\nlines, \"quoted\"",
            EventId = "e-1",
            RecommendationId = "r-1",
            Overwrite = true,
        };
        await Log.AppendAsync([full], Cancel);
        await ConsumeUntilAsync(1);
        var now = DateTimeOffset.UtcNow;
        var archived = await new FeedbackArchiveReader(_blobs).ReadAsync(now.AddHours(-1), now.AddHours(1), Cancel).ToListAsync(Cancel);
        Assert.Equal(full, Assert.Single(archived).Event);
    }

    [Fact]
    public async Task An_event_that_is_sent_again_counts_once()
    {
        FeedbackEvent[] events = [.. Enumerable.Range(0, 30).Select(n => Event(n % Users, n) with { EventId = $"e{n}" })];
        await Log.AppendAsync(events, Cancel);
        await Log.AppendAsync(events, Cancel);
        await Log.AppendAsync([Event(0, 30)], Cancel);
        await ConsumeUntilAsync(31);
    }

    [Fact]
    public async Task A_consumer_that_starts_again_loses_nothing_and_applies_nothing_twice()
    {
        for (var life = 0; life < 3; life++)
        {
            await Log.AppendAsync([.. Enumerable.Range(life * 50, 50).Select(n => Event(n % Users, n))], Cancel);
            await ConsumeUntilAsync((life + 1) * 50);
        }
    }

    private static FeedbackEvent Event(int user, int number) => new()
    {
        UserId = $"u{user}",
        ItemId = $"i{number}",
        FeedbackType = "click",
        Timestamp = UserStates.Noon.AddSeconds(number),
    };

    // Until so many are applied, and no more of them by the time the consumer has ended.
    private async Task ConsumeUntilAsync(int events)
    {
        using var stop = new CancellationTokenSource();
        await using var consumer = OpenConsumer(new FeedbackProcessor(
            _users,
            Inference.Infer,
            FeedbackFiles.Over(_blobs, TimeProvider.System),
            new FeedbackRetries(),
            TimeProvider.System,
            NullLogger<FeedbackProcessor>.Instance));
        var running = consumer.RunAsync(stop.Token);
        var begun = Stopwatch.GetTimestamp();
        while (Applied() < events)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, $"{Applied()} of {events} events were applied within {Patience}.");
            await Task.Delay(10, Cancel);
        }

        await stop.CancelAsync();
        await running;
        Assert.Equal(events, Applied());
    }

    private int Applied() => _users.All.Sum(user => user.State.History.Count);
}
