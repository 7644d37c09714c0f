using System.Collections.Concurrent;
using Azure.Data.Tables;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Azure.Tests.Fixtures;
using ServerlessRec.Azure.Users;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Recommender.Users.Codec;

namespace ServerlessRec.Azure.Tests.Users;

public sealed class TableUserStoreTests(SharedAzurite azurite) : UserStoreContract, IAsyncLifetime
{
    private readonly StoreSettings _settings = azurite.NewStore();
    private readonly ConcurrentQueue<IUserStore> _stores = new();

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            _stores.Enqueue((await AzureStore.OpenAsync(_settings, Cancel)).Users);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override IUserStore Open()
    {
        Assert.True(_stores.TryDequeue(out var store));
        _stores.Enqueue(store);
        return store;
    }

    [Fact]
    public async Task Microsofts_table_client_sees_the_same_rows()
    {
        var table = new TableClient(_settings.Address.Value, _settings.UsersTable);
        var state = UserStates.New("a/b ü?", "mine");
        var written = await Open().WriteManyAsync([new UserWrite(state, null)], Cancel);
        var key = UserKey.Of("a/b ü?");
        var row = (await table.GetEntityAsync<TableEntity>(key.Partition, key.Row, cancellationToken: Cancel)).Value;
        UserStates.AssertSame(state, UserStateCodec.Decode(row.GetBinary("S0")));
        Assert.Equal(written[0].ETag, row.ETag.ToString());

        await table.UpdateEntityAsync(row, row.ETag, cancellationToken: Cancel);
        var outdated = await Open().WriteManyAsync([new UserWrite(state, written[0].ETag)], Cancel);
        Assert.False(outdated[0].Written);
        UserStates.AssertSame(state, (await Open().ReadAsync("a/b ü?", Cancel))!.State);
    }

    [Fact]
    public void Keys_keep_their_rules_and_tell_all_users_apart()
    {
        string[] ids = ["a!s", "a/", "a\u0001", "a\u0081", "!", "!!", "#?%", new string('/', 256), "'", "+&"];
        var keys = ids.Select(UserKey.Of).ToList();
        Assert.All(keys, key =>
        {
            Assert.True(key.Row.Length <= 512);
            Assert.DoesNotContain(key.Row, c => "/\\#?%'&+".Contains(c) || char.IsControl(c));
            Assert.Equal(3, key.Partition.Length);
        });
        Assert.Equal(ids.Length, keys.Select(key => key.Row).Distinct().Count());
    }
}
