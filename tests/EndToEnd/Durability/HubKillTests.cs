using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Messaging.EventHubs.Producer;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Azure;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Azurite;
using ServerlessRec.Embedded;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.EndToEnd.Fixtures;
using ServerlessRec.EventHubsEndpoint;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.EndToEnd.Durability;

/// <summary>
/// kill -9 of the built servers that share an event hub and a storage account, while Microsoft's client sends. SERVERLESSREC_HUB_KILLS=20 makes
/// the full run of 100,000 events.
/// </summary>
public sealed class HubKillTests(TrainedStore trained) : IAsyncLifetime
{
    // Two consumers, and one more whose API is asked at the end; all three take their share of the partitions.
    private const int Processes = 3;
    private const int Partitions = 6;

    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("SERVERLESSREC_HUB_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 3;

    private static readonly int Users = Kills >= 20 ? 500 : 60;
    private static readonly int EventsOfUser = Kills >= 20 ? 200 : 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("serverlessrec-hub-").FullName;
    private AzuriteServer? _azurite;
    private PartitionedFeedbackLog? _log;
    private EventHubsDoor? _hub;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private StoreSettings Settings => new() { Address = StoreAddress.Parse(_azurite!.ConnectionString), EventHubs = _hub!.ConnectionString };

    public async ValueTask InitializeAsync()
    {
        if (AzuriteServer.Missing is { } missing)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Skip(missing);
        }

        _azurite = await AzuriteServer.StartAsync(Cancel);
        _log = PartitionedFeedbackLog.Open(_folder, new FeedbackLogOptions { Partitions = Partitions }, TimeProvider.System);
        _hub = EventHubsDoor.Open(_log, new EndpointOptions { Port = 0 }, TimeProvider.System, NullLogger<EventHubsDoor>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }

        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_acknowledged_event_is_applied_exactly_once_however_often_consumers_and_server_are_killed()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Waiting.Patience * (1 + (Kills / 4)));
        var azure = await AzureStore.OpenAsync(Settings, patience.Token);
        await CopyReleaseAsync(azure.Blobs, patience.Token);
        var begun = Stopwatch.GetTimestamp();
        var servers = Enumerable.Range(0, Processes).Select(_ => new KilledServer(_azurite!.ConnectionString, ServerSettings())).ToList();
        try
        {
            servers.ForEach(server => server.Start());
            await Task.WhenAll(servers.Select(server => server.WaitUntilReadyAsync()));
            await using var client = new EventHubProducerClient(_hub!.ConnectionString, Settings.EventHub);
            var producer = new HubProducer(client, Users, EventsOfUser);
            var sending = producer.RunAsync(patience.Token);
            await KillAsync(servers, producer, sending, patience.Token);
            producer.Allow(long.MaxValue);
            await sending;
            await WaitUntilAppliedAsync(azure.Users, patience.Token);

            Assert.Equal(Users * EventsOfUser, producer.Acknowledged);
            await AssertHistoriesAsync(azure.Users, patience.Token);
            await AssertFilesAsync(azure.Blobs, producer, patience.Token);
            await AssertServedAsync(servers[^1]);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{Kills} kills, {producer.Acknowledged} events acknowledged, {producer.Bad.Count} bad ones, {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s");
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    // Each life of the system gets its share of the events; some process dies at a random moment of it and starts again at once.
    private static async Task KillAsync(List<KilledServer> servers, HubProducer producer, Task sending, CancellationToken cancellationToken)
    {
        var random = new Random(20_261_130);
        for (var kill = 0; kill < Kills; kill++)
        {
            var share = (kill + 1L) * Users * EventsOfUser / (Kills + 1);
            producer.Allow(share);
            var until = Math.Min(producer.Acknowledged + (random.NextDouble() * Users * EventsOfUser / Kills), share - HubProducer.Margin);
            await Waiting.UntilAsync("enough events are acknowledged", () => producer.Acknowledged >= until || sending.IsFaulted, pollMilliseconds: 1);
            await Task.Delay(random.Next(0, 1500), cancellationToken);
            var server = servers[random.Next(servers.Count)];
            await server.KillAsync();
            server.Start();
        }

        await Task.WhenAll(servers.Select(server => server.WaitUntilReadyAsync()));
    }

    private static async Task<List<StoredUser?>> ReadAsync(IUserStore users, CancellationToken cancellationToken) =>
        [.. await users.ReadManyAsync([.. Enumerable.Range(0, Users).Select(HubProducer.UserId)], cancellationToken)];

    private static async Task WaitUntilAppliedAsync(IUserStore users, CancellationToken cancellationToken)
    {
        var (applied, seen) = (0, Stopwatch.GetTimestamp());
        while (true)
        {
            var now = await CountAsync(users, applied, cancellationToken);
            if (now >= Users * EventsOfUser)
            {
                return;
            }

            (applied, seen) = now > applied ? (now, Stopwatch.GetTimestamp()) : (applied, seen);
            Assert.True(Stopwatch.GetElapsedTime(seen) < Waiting.Patience, $"{now} of {Users * EventsOfUser} events are applied, and for {Waiting.Patience} it was no more.");
            await Task.Delay(1000, cancellationToken);
        }
    }

    // Three processes that catch up can keep Azurite so busy that it does not answer a fourth in time: then nothing new is known.
    private static async Task<int> CountAsync(IUserStore users, int before, CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadAsync(users, cancellationToken)).Sum(user => user?.State.History.Count ?? 0);
        }
        catch (UserStoreException)
        {
            return before;
        }
    }

    private static async Task AssertHistoriesAsync(IUserStore users, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(users, cancellationToken);
        for (var user = 0; user < Users; user++)
        {
            var expected = Enumerable.Range(0, EventsOfUser).Select(number => HubProducer.ItemId(user, number)).Order(StringComparer.Ordinal);
            Assert.Equal(expected, rows[user]!.State.History.Select(entry => entry.ItemId).Order(StringComparer.Ordinal));
        }
    }

    private static async Task AssertFilesAsync(IBlobStore blobs, HubProducer producer, CancellationToken cancellationToken)
    {
        var files = FeedbackFiles.Over(blobs, TimeProvider.System);
        await Waiting.UntilAsync("nothing is parked", async () => !await files.Parking.ListAsync(cancellationToken).AnyAsync(cancellationToken));
        var dead = await files.DeadLetters.ListAsync(cancellationToken).Select(letter => Encoding.UTF8.GetString(letter.Raw.Payload.Span)).ToListAsync(cancellationToken);
        Assert.Equal(producer.Bad.Order(StringComparer.Ordinal), dead.Order(StringComparer.Ordinal));

        // The archive follows the rows.
        var archive = new FeedbackArchiveReader(blobs);
        var now = DateTimeOffset.UtcNow;
        await Waiting.UntilAsync(
            "every event is archived",
            async () => await archive.ReadAsync(now.AddHours(-2), now.AddHours(1), cancellationToken).CountAsync(cancellationToken) == Users * EventsOfUser,
            pollMilliseconds: 500);
    }

    private static async Task AssertServedAsync(KilledServer server)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        var history = await client.GetFromJsonAsync<JsonElement>($"/api/user/{HubProducer.UserId(0)}/feedback", Cancel);
        Assert.Equal(EventsOfUser, history.GetArrayLength());
        var list = await client.GetFromJsonAsync<JsonElement>($"/api/recommend/{HubProducer.UserId(0)}", Cancel);
        Assert.NotEqual(0, list.GetArrayLength());
    }

    private Dictionary<string, string> ServerSettings() => new()
    {
        ["SERVERLESSREC_EVENTHUBS"] = _hub!.ConnectionString,
        ["SERVERLESSREC_REPLAY_SECONDS"] = "2",
    };

    private async Task CopyReleaseAsync(IBlobStore target, CancellationToken cancellationToken)
    {
        using var source = EmbeddedStore.Open(trained.Folder, TimeProvider.System);
        foreach (var path in await source.Blobs.ListAsync("", cancellationToken).Select(blob => blob.Path).ToListAsync(cancellationToken))
        {
            if (path.StartsWith("releases/", StringComparison.Ordinal) || path == "current.json")
            {
                await using var content = await source.Blobs.OpenReadAsync(path, cancellationToken);
                await target.WriteAsync(path, content!, WriteCondition.None, cancellationToken);
            }
        }
    }
}
