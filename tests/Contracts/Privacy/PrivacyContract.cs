using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Privacy;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Contracts.Privacy;

/// <summary>What is promised to a person whose data is stored, over any stores.</summary>
public abstract class PrivacyContract
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deletion_reaches_row_and_archive_and_a_late_event_does_not_bring_the_user_back()
    {
        var (blobs, users) = await OpenAsync();
        await ProcessAsync(blobs, users, Event("gone", "i1", 1), Event("stays", "i1", 2), Event("gone", "i2", 3));
        await UserDeletion.RunAsync(users, "gone", Noon.AddMinutes(30), Cancel);
        var erased = await new ArchiveErasure(blobs, users, new At(Noon.AddHours(4))).RunAsync(Cancel);

        Assert.Equal((2, 1, 0), (erased.Events, erased.Blobs, erased.LeftBlobs));
        Assert.Equal(["stays:i1"], await ArchivedAsync(blobs));
        await ProcessAsync(blobs, users, Event("gone", "i3", 4));
        Assert.True((await users.ReadAsync("gone", Cancel))!.State.IsDeleted);

        // The line of the late event goes with the next run; what the person says afterwards makes a new user and is kept.
        await ProcessAsync(blobs, users, Event("gone", "i4", 5) with { AcceptedAt = Noon.AddMinutes(40) });
        Assert.Equal(1, (await new ArchiveErasure(blobs, users, new At(Noon.AddHours(4))).RunAsync(Cancel)).Events);
        Assert.Equal(["gone:i4", "stays:i1"], await ArchivedAsync(blobs));
        Assert.Equal("i4", Assert.Single((await users.ReadAsync("gone", Cancel))!.State.History).ItemId);
        Assert.Equal(0, (await new ArchiveErasure(blobs, users, new At(Noon.AddHours(4))).RunAsync(Cancel)).Events);
    }

    [Fact]
    public async Task An_hour_that_may_still_be_written_waits_for_the_next_run()
    {
        var (blobs, users) = await OpenAsync();
        await ProcessAsync(blobs, users, Event("gone", "i1", 1));
        await UserDeletion.RunAsync(users, "gone", Noon.AddMinutes(30), Cancel);

        Assert.Equal((0, 1), await RunAsync(Noon.AddHours(2)));
        Assert.Equal((1, 0), await RunAsync(Noon.AddHours(4)));
        Assert.Empty(await ArchivedAsync(blobs));

        async Task<(int, int)> RunAsync(DateTimeOffset now)
        {
            var erased = await new ArchiveErasure(blobs, users, new At(now)).RunAsync(Cancel);
            return (erased.Events, erased.LeftBlobs);
        }
    }

    [Fact]
    public async Task An_export_holds_profile_history_and_every_archived_event_of_that_user_alone()
    {
        var (blobs, users) = await OpenAsync();
        await UserProfiles.PutAsync(users, [new User("me", """{"age":31}""", "hello")], Cancel);
        await ProcessAsync(blobs, users, Event("me", "i1", 1), Event("other", "i2", 2), Event("me", "i3", 3));
        using var json = new MemoryStream();

        Assert.True(await new UserExport(users, blobs).WriteAsync("me", json, Cancel));
        using var export = JsonDocument.Parse(json.ToArray());
        var root = export.RootElement;
        Assert.Equal((31, "hello"), (root.GetProperty("User").GetProperty("Labels").GetProperty("age").GetInt32(), root.GetProperty("User").GetProperty("Comment").GetString()));
        Assert.Equal(["i1", "i3"], Items("History"));
        Assert.Equal(["i1", "i3"], Items("Archive"));
        Assert.DoesNotContain("other", Encoding.UTF8.GetString(json.ToArray()), StringComparison.Ordinal);
        Assert.False(await new UserExport(users, blobs).WriteAsync("nobody", json, Cancel));

        string[] Items(string list) => [.. root.GetProperty(list).EnumerateArray().Select(entry => entry.GetProperty("ItemId").GetString()!)];
    }

    /// <summary>Empty stores.</summary>
    protected abstract Task<(IBlobStore Blobs, IUserStore Users)> OpenAsync();

    private static RawFeedback Event(string user, string item, long sequence)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            FeedbackJson.Write(new FeedbackEvent { UserId = user, ItemId = item, FeedbackType = "click", Timestamp = Noon }, json);
        }

        return new RawFeedback(0, sequence, Noon.AddMinutes(sequence), body.ToArray());
    }

    private static Task<ProcessedBatch> ProcessAsync(IBlobStore blobs, IUserStore users, params RawFeedback[] events) => new FeedbackProcessor(
        users, (_, _) => null, FeedbackFiles.Over(blobs, TimeProvider.System), new FeedbackRetries(), TimeProvider.System, NullLogger<FeedbackProcessor>.Instance)
        .ProcessAsync(events, Cancel);

    private static async Task<List<string>> ArchivedAsync(IBlobStore blobs)
    {
        var found = new List<string>();
        await foreach (var logged in new FeedbackArchiveReader(blobs).ReadAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancel))
        {
            found.Add($"{logged.Event.UserId}:{logged.Event.ItemId}");
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
