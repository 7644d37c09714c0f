using System.Text;
using ServerlessRec.Azure.Tests.Fixtures;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Backups;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Azure.Tests.Backups;

/// <summary>An account is backed up into a folder and restored into another account.</summary>
public sealed class StoreMirrorTests(SharedAzurite azurite) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serverlessrec-backup-").FullName;
    private EmbeddedStore _backup = null!;
    private AzureStore _account = null!;
    private AzureStore _restored = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _backup = EmbeddedStore.Open(_folder, TimeProvider.System);
        _account = await AzureStore.OpenAsync(azurite.NewStore(), Cancel);
        _restored = await AzureStore.OpenAsync(azurite.NewStore(), Cancel);
        await WriteAsync("releases/one/index.snapshot", "the index");
        await WriteAsync("releases/one/manifest.json", "{}");
        await WriteAsync("current.json", """{"current":"one"}""");
        await WriteAsync("consumers/hub/owners/0", "a process");
        await ArchiveAsync("living", "forgotten");
        await PutItemAsync(_account.Blobs, "i1");
        await _account.Users.WriteManyAsync([.. Enumerable.Range(0, 30).Select(i => new UserWrite(UserStates.New($"u{i}"), null))], Cancel);
        await UserDeletion.RunAsync(_account.Users, "forgotten", UserStates.Noon, Cancel);
    }

    public ValueTask DisposeAsync()
    {
        _backup.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_backed_up_comes_back_with_its_users_and_its_log_goes_on()
    {
        await BackUpAsync();
        await RestoreAsync();

        var expected = await TextsAsync(_account.Blobs);
        expected.Remove("consumers/hub/owners/0");
        Assert.Equal(expected, await TextsAsync(_restored.Blobs));
        foreach (var user in Enumerable.Range(0, 30).Select(i => $"u{i}"))
        {
            UserStates.AssertSame(UserStates.New(user), (await _restored.Users.ReadAsync(user, Cancel))?.State);
        }

        Assert.Equal(UserStates.Noon, (await _restored.Users.ReadAsync("forgotten", Cancel))?.State.DeletedAt);
        await PutItemAsync(_restored.Blobs, "i2");
        Assert.Equal(["i1", "i2"], await ItemsAsync(_restored.Blobs));
    }

    [Fact]
    public async Task A_second_backup_copies_what_changed_and_removes_what_is_gone()
    {
        await BackUpAsync();
        await _account.Blobs.DeleteAsync("releases/one/manifest.json", Cancel);
        await _account.Blobs.DeleteAsync("releases/one/index.snapshot", Cancel);
        await WriteAsync("releases/two/manifest.json", "{}");
        await WriteAsync("current.json", """{"current":"two"}""");
        await PutItemAsync(_account.Blobs, "i2");
        await UserDeletion.RunAsync(_account.Users, "u7", UserStates.Noon, Cancel);
        var copied = await BackUpAsync();

        Assert.Equal((2, 2), (copied.Blobs, copied.RemovedBlobs));
        Assert.Equal(["i1", "i2"], await ItemsAsync(_backup.Blobs));
        Assert.Contains("two", Encoding.UTF8.GetString((await _backup.Blobs.ReadAsync("current.json", Cancel))!.Bytes.Span), StringComparison.Ordinal);
        Assert.True((await _backup.Users.ReadAsync("u7", Cancel))!.State.IsDeleted);
    }

    [Fact]
    public async Task A_restore_takes_back_what_came_after_the_backup()
    {
        await BackUpAsync();
        await RestoreAsync();
        await PutItemAsync(_restored.Blobs, "i2");
        await _restored.Users.WriteManyAsync([new UserWrite(UserStates.New("newcomer"), null)], Cancel);
        await RestoreAsync();

        Assert.Equal(["i1"], await ItemsAsync(_restored.Blobs));
        Assert.Null(await _restored.Users.ReadAsync("newcomer", Cancel));
        await PutItemAsync(_restored.Blobs, "i3");
        Assert.Equal(["i1", "i3"], await ItemsAsync(_restored.Blobs));
    }

    private Task<MirroredStore> BackUpAsync() =>
        new StoreMirror(_account.Blobs, _account.Users, _backup.Blobs, _backup.Users).RunAsync(Cancel);

    private Task<MirroredStore> RestoreAsync() =>
        new StoreMirror(_backup.Blobs, _backup.Users, _restored.Blobs, _restored.Users).RunAsync(Cancel);

    private async Task WriteAsync(string path, string text) =>
        await _account.Blobs.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(text)), WriteCondition.None, Cancel);

    private async Task ArchiveAsync(params string[] users)
    {
        var events = users.Select((user, i) => new RawFeedback(
            0, i, UserStates.Noon.AddHours(-1), Encoding.UTF8.GetBytes($$"""{"FeedbackType":"click","UserId":"{{user}}","ItemId":"i1"}"""))).ToList();
        await new FeedbackArchive(_account.Blobs).AppendAsync(events, Cancel);
    }

    private static async Task PutItemAsync(IBlobStore blobs, string itemId)
    {
        using var log = new CatalogueLog(blobs);
        await log.AppendAsync([CatalogueChange.Put(new Item { ItemId = itemId })], Cancel);
    }

    private static async Task<List<string>> ItemsAsync(IBlobStore blobs)
    {
        using var log = new CatalogueLog(blobs);
        var items = new List<string>();
        await foreach (var logged in log.ReadAsync(0, Cancel))
        {
            items.Add(logged.Change.ItemId);
        }

        return items;
    }

    private static async Task<SortedDictionary<string, string>> TextsAsync(IBlobStore blobs)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var blob in blobs.ListAsync("", Cancel))
        {
            texts.Add(blob.Path, Convert.ToBase64String((await blobs.ReadAsync(blob.Path, Cancel))!.Bytes.Span));
        }

        return texts;
    }
}
