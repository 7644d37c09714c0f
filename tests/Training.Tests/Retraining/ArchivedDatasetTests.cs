using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Retraining;
using ServerlessRec.Training.Tests.Learning;

namespace ServerlessRec.Training.Tests.Retraining;

public sealed class ArchivedDatasetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("archived-dataset-").FullName;
    private readonly EmbeddedStore _store;
    private readonly Dataset _imported = TinyWorld.Make();

    public ArchivedDatasetTests() => _store = EmbeddedStore.Open(_folder, TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Imported_and_live_feedback_come_back_each_once_however_often_the_import_is_repeated()
    {
        await ImportAsync(_imported);
        await LiveAsync(Event("u0", "i1"), Event("new user", "i2"));
        await ImportAsync(_imported);
        await ImportAsync(_imported with { Interactions = [.. _imported.Interactions, _imported.Interactions[^1] with { UnixMilliseconds = 200L * 86_400_000 }] });
        var read = (await ReadAsync()).Dataset;
        Assert.Equal(Texts(_imported).Count + 3, read.Interactions.Count);
        Assert.Superset(Texts(_imported).ToHashSet(), Texts(read).ToHashSet());
        Assert.Contains(read.Users, user => user.UserId == "new user");
    }

    [Fact]
    public async Task Feedback_of_deleted_users_and_items_is_left_out_and_the_dataset_says_how_much()
    {
        await ImportAsync(_imported);
        await UserDeletion.RunAsync(_store.Users, "u3", DateTimeOffset.UnixEpoch.AddDays(1000), Stop);
        using (var log = new CatalogueLog(_store.Blobs))
        {
            await log.AppendAsync([CatalogueChange.Delete("i5")], Stop);
        }

        var read = (await ReadAsync()).Dataset;
        Assert.DoesNotContain(read.Users, user => user.UserId == "u3");
        Assert.DoesNotContain(read.Items, item => item.ItemId == "i5");
        Assert.Equal(Texts(_imported).Count(text => !text.StartsWith("u3 ", StringComparison.Ordinal) && !text.Contains(" i5 ", StringComparison.Ordinal)), read.Interactions.Count);
        Assert.Single(read.Notes);
    }

    [Fact]
    public async Task An_event_that_overwrites_takes_the_place_of_the_earlier_ones()
    {
        await ItemsAsync();
        await LiveAsync(Event("u", "i1") with { Value = 1 }, Event("u", "i1") with { Value = 2 }, Event("u", "i1") with { Value = 5, Overwrite = true });
        var interaction = Assert.Single((await ReadAsync()).Dataset.Interactions);
        Assert.Equal(5, interaction.Value);
    }

    [Fact]
    public async Task Items_and_log_position_are_those_of_now_and_an_empty_archive_is_refused()
    {
        await Assert.ThrowsAsync<InvalidDataException>(ReadAsync);
        await ItemsAsync();
        await LiveAsync(Event("u", "i1"));
        var source = await ReadAsync();
        Assert.Equal(_imported.Items.Count, source.Dataset.Items.Count);
        Assert.Equal((await CurrentCatalogue.ReadAsync(_store.Blobs, Stop)).LogPosition, source.CatalogueLogPosition);
        Assert.True(source.CatalogueLogPosition > 0);
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ImportAsync(Dataset dataset)
    {
        await ItemsAsync();
        await ImportedFeedback.WriteAsync(_store.Blobs, dataset, Stop);
    }

    private async Task ItemsAsync()
    {
        using var log = new CatalogueLog(_store.Blobs);
        await log.AppendAsync([.. _imported.Items.Select(CatalogueChange.Put)], Stop);
    }

    private Task<TrainingSource> ReadAsync() => new ArchivedDataset(_store.Blobs, _store.Users).ReadAsync(Stop);

    private async Task LiveAsync(params FeedbackEvent[] events)
    {
        var processor = new FeedbackProcessor(
            _store.Users, (_, _) => null, FeedbackFiles.Over(_store.Blobs, TimeProvider.System), new FeedbackRetries(), TimeProvider.System,
            NullLogger<FeedbackProcessor>.Instance);
        await processor.ProcessAsync([.. events.Select((feedback, sequence) => new RawFeedback(0, sequence, feedback.Timestamp, Payload(feedback)))], Stop);
    }

    private static FeedbackEvent Event(string userId, string itemId) => new()
    {
        FeedbackType = "like",
        UserId = userId,
        ItemId = itemId,
        Timestamp = DateTimeOffset.UnixEpoch.AddDays(150),
    };

    private static byte[] Payload(FeedbackEvent feedback)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            FeedbackJson.Write(feedback, json);
        }

        return bytes.ToArray();
    }

    private static List<string> Texts(Dataset dataset) =>
        [.. dataset.Interactions.Select(one => $"{dataset.Users[one.User].UserId} {dataset.Items[one.Item].ItemId} {dataset.FeedbackTypes[one.Type]} {one.UnixMilliseconds}")];
}
