using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Durability;

/// <summary>
/// kill -9 of the built server while events are posted over HTTP. SERVERLESSREC_KILLS=30 makes the full run of 20,000 events.
/// </summary>
public sealed class KillTests(TrainedStore store)
{
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("SERVERLESSREC_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 5;

    private static readonly int Users = Kills >= 30 ? 400 : 100;
    private static readonly int EventsOfUser = Kills >= 30 ? 50 : 40;

    [Fact]
    public async Task Every_acknowledged_event_is_in_its_users_history_exactly_once_however_often_the_server_is_killed()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Waiting.Patience * (1 + (Kills / 10)));
        var folder = Directory.CreateTempSubdirectory("serverlessrec-kills-").FullName;
        await ChildProcess.RunAsync("cp", ["-r", Path.Combine(store.Folder, "blobs"), folder]);

        // An innocent event that was tried alone in a process that is killed is parked; the timer applies it, for the test sooner than in a minute.
        await using var server = new KilledServer(folder, new Dictionary<string, string> { ["SERVERLESSREC_REPLAY_SECONDS"] = "2" });
        var poster = new EventPoster(server, Users, EventsOfUser, await ItemsAsync());
        var posting = poster.RunAsync(patience.Token);
        var duringStart = await KillAsync(server, poster, posting, new Random(20_261_125));
        poster.Allow(long.MaxValue);
        server.Start();
        await server.WaitUntilReadyAsync();
        await posting;

        Assert.Equal(Users * EventsOfUser, poster.Acknowledged);
        using var client = new HttpClient { BaseAddress = server.Address };
        for (var user = 0; user < Users; user++)
        {
            await AssertHistoryAsync(client, poster, user);
        }

        await AssertNoPartitionIsStuckAsync(client);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Kills} kills ({duringStart} during a start), {poster.Acknowledged} events acknowledged, {poster.Failed} sendings that failed");
        await server.KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    // Each life gets its share of the events, however fast it is, and dies at a random moment of it, or, one in five, while it starts. Answers how many died so.
    private static async Task<int> KillAsync(KilledServer server, EventPoster poster, Task posting, Random random)
    {
        var duringStart = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var share = (kill + 1L) * Users * EventsOfUser / (Kills + 1);
            poster.Allow(share);
            server.Start();
            if (random.Next(5) == 0)
            {
                duringStart++;
                await Task.Delay(random.Next(50, 1200), TestContext.Current.CancellationToken);
            }
            else
            {
                await server.WaitUntilReadyAsync();
                var until = Math.Min(poster.Acknowledged + (random.NextDouble() * Users * EventsOfUser / Kills), share - EventPoster.Margin);
                await Waiting.UntilAsync("enough events are acknowledged", () => poster.Acknowledged >= until || posting.IsFaulted, pollMilliseconds: 1);
                await Task.Delay(random.Next(0, 30), TestContext.Current.CancellationToken);
            }

            await server.KillAsync();
        }

        return duringStart;
    }

    private static async Task AssertHistoryAsync(HttpClient client, EventPoster poster, int user)
    {
        var expected = Enumerable.Range(0, EventsOfUser).Select(number => poster.ItemId(user, number)).Order(StringComparer.Ordinal);
        var path = $"/api/user/{EventPoster.UserId(user)}/feedback";
        var history = await client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

        // What the last life accepted may still be on its way.
        for (var look = 0; look < 1000 && history.GetArrayLength() < EventsOfUser; look++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            history = await client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
        }

        Assert.Equal(expected, history.EnumerateArray().Select(entry => entry.GetProperty("ItemId").GetString()!).Order(StringComparer.Ordinal));

        // An event that was applied twice would have added its value twice.
        Assert.All(history.EnumerateArray(), entry => Assert.Equal(1, entry.GetProperty("Value").GetDouble()));
    }

    private static async Task AssertNoPartitionIsStuckAsync(HttpClient client)
    {
        for (var user = 0; user < 64; user++)
        {
            var feedback = new[] { new { FeedbackType = "like", UserId = $"after-{user}", ItemId = "after" } };
            using var answer = await client.PostAsJsonAsync("/api/feedback", feedback, new JsonSerializerOptions(), TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
            var history = await client.GetFromJsonAsync<JsonElement>($"/api/user/after-{user}/feedback", TestContext.Current.CancellationToken);
            Assert.Equal(1, history.GetArrayLength());
        }
    }

    private async Task<List<string>> ItemsAsync()
    {
        var page = await store.Client.GetFromJsonAsync<JsonElement>("/api/items?n=500", TestContext.Current.CancellationToken);
        return [.. page.GetProperty("Items").EnumerateArray().Select(item => item.GetProperty("ItemId").GetString()!)];
    }
}
