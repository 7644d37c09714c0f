using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Contracts.Feedback;
using ServerlessRec.Contracts.InMemory;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Tests.Feedback;

public sealed class FeedbackProcessorTests
{
    private readonly InMemoryUserStore _users = new();
    private readonly InMemoryBlobStore _blobs = new(TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_of_many_users_is_one_inference()
    {
        var calls = 0;
        var processed = await Processor((histories, cancel) =>
        {
            calls++;
            return Inference.Infer(histories, cancel);
        }).ProcessAsync([.. Enumerable.Range(0, 100).Select(i => Raw(i, $"u{i % 40}"))], Cancel);
        Assert.Equal(new ProcessedBatch(100, 40, 0, 0), processed);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Without_a_release_states_are_stored_without_a_vector()
    {
        await Processor((_, _) => null).ProcessAsync([Raw(0, "u")], Cancel);
        var state = (await _users.ReadAsync("u", Cancel))!.State;
        Assert.Single(state.History);
        Assert.Null(state.TowerVersion);
    }

    [Fact]
    public async Task A_tower_that_fails_does_not_stop_the_partition()
    {
        await Processor((_, _) => throw new InvalidDataException("the model does not load")).ProcessAsync([Raw(0, "u")], Cancel);
        Assert.Single((await _users.ReadAsync("u", Cancel))!.State.History);
    }

    [Fact]
    public async Task An_invalid_event_becomes_a_dead_letter_with_reason_and_place_and_the_others_are_applied()
    {
        byte[] noUtf8 = [0xff, 0xfe];
        var processed = await Processor(Inference.Infer).ProcessAsync(
            [Raw(0, "u"), new RawFeedback(3, 1, UserStates.Noon, "{}"u8.ToArray()), new RawFeedback(3, 2, UserStates.Noon, noUtf8), Raw(3, "u")],
            Cancel);
        Assert.Equal(2, processed.DeadLetters);
        Assert.Equal(2, (await _users.ReadAsync("u", Cancel))!.State.History.Count);

        var letters = await new DeadLetters(_blobs).ListAsync(Cancel).ToListAsync(Cancel);
        Assert.Equal([(3, 1L), (3, 2L)], letters.Select(letter => (letter.Raw.Partition, letter.Raw.Sequence)));
        Assert.Equal("FeedbackType is missing", letters[0].Reason);
        Assert.Equal("{}", Encoding.UTF8.GetString(letters[0].Raw.Payload.Span));
        Assert.Equal(noUtf8, letters[1].Raw.Payload.ToArray());
    }

    [Fact]
    public async Task A_letter_that_became_valid_is_replayed_once_and_the_others_stay()
    {
        var letters = new DeadLetters(_blobs);
        await letters.AppendAsync([new DeadLetter(Raw(7, "u"), "a rule that is no more"), new DeadLetter(Raw(8, "u") with { Payload = "x"u8.ToArray() }, "malformed")], Cancel);
        var log = new RecordingLog();
        Assert.Equal(1, await letters.ReplayAsync(log, Cancel));
        Assert.Equal(0, await letters.ReplayAsync(log, Cancel));
        Assert.Equal($"replay-3-7-{UserStates.Noon.ToUnixTimeMilliseconds()}", Assert.Single(log.Events).EventId);
        Assert.Equal(8, Assert.Single(await letters.ListAsync(Cancel).ToListAsync(Cancel)).Raw.Sequence);
    }

    [Fact]
    public async Task A_deleted_user_stays_deleted_when_feedback_from_before_arrives()
    {
        await Processor(Inference.Infer).ProcessAsync([Raw(0, "u"), Raw(1, "v")], Cancel);
        Assert.True(await UserDeletion.RunAsync(_users, "u", UserStates.Noon.AddMinutes(1), Cancel));
        Assert.False(await UserDeletion.RunAsync(_users, "u", UserStates.Noon.AddMinutes(1), Cancel));
        await Processor(Inference.Infer).ProcessAsync([Raw(2, "u")], Cancel);
        var state = (await _users.ReadAsync("u", Cancel))!.State;
        Assert.True(state.IsDeleted);
        Assert.Empty(state.History);
        Assert.Empty(state.SeenItems);
        Assert.Equal("v", Assert.Single((await _users.ListAsync(null, 10, Cancel)).Users).UserId);

        await Processor(Inference.Infer).ProcessAsync([Raw(3, "u") with { AcceptedAt = UserStates.Noon.AddMinutes(2) }], Cancel);
        Assert.Single((await _users.ReadAsync("u", Cancel))!.State.History);
    }

    [Fact]
    public async Task The_archive_is_read_by_hours_and_keeps_pretty_printed_events_on_one_line()
    {
        var pretty = Raw(1, "u") with
        {
            AcceptedAt = UserStates.Noon.AddHours(1),
            Payload = Encoding.UTF8.GetBytes("{\n  \"UserId\": \"u\",\r\n  \"ItemId\": \"i1\", \"FeedbackType\": \"click\"\n}\n"),
        };
        await Processor(Inference.Infer).ProcessAsync([Raw(0, "u"), pretty], Cancel);
        var archive = new FeedbackArchiveReader(_blobs);
        Assert.Equal(2, await archive.ReadAsync(UserStates.Noon, UserStates.Noon.AddHours(1), Cancel).CountAsync(Cancel));
        var later = await archive.ReadAsync(UserStates.Noon.AddMinutes(61), UserStates.Noon.AddDays(1), Cancel).ToListAsync(Cancel);
        Assert.Equal(1, Assert.Single(later).Sequence);
        Assert.Equal(0, archive.MalformedLines);
    }

    [Fact]
    public async Task The_archive_keeps_events_of_a_log_made_anew_that_have_the_places_of_old_ones()
    {
        await Processor(Inference.Infer).ProcessAsync([Raw(0, "u"), Raw(0, "u")], Cancel);
        await Processor(Inference.Infer).ProcessAsync([Raw(0, "u") with { AcceptedAt = UserStates.Noon.AddMinutes(1) }], Cancel);
        Assert.Equal(2, await new FeedbackArchiveReader(_blobs).ReadAsync(UserStates.Noon, UserStates.Noon, Cancel).CountAsync(Cancel));
    }

    private static RawFeedback Raw(long sequence, string user) => new(3, sequence, UserStates.Noon, Encoding.UTF8.GetBytes(
        $$"""{"UserId":"{{user}}","ItemId":"i{{sequence}}","FeedbackType":"click"}"""));

    private FeedbackProcessor Processor(UserVectorInference infer) => new(
        _users, infer, FeedbackFiles.Over(_blobs, TimeProvider.System), new FeedbackRetries(), TimeProvider.System, NullLogger<FeedbackProcessor>.Instance);

    private sealed class RecordingLog : IFeedbackLog
    {
        public List<FeedbackEvent> Events { get; } = [];

        public ValueTask AppendAsync(IReadOnlyList<FeedbackEvent> events, CancellationToken cancellationToken)
        {
            Events.AddRange(events);
            return ValueTask.CompletedTask;
        }
    }
}
