using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Live;

/// <summary>New and hidden items over HTTP while events and requests come, on trained towers: by rank, not by a filter.</summary>
public sealed class NewItemTests(TrainedStore store)
{
    private const int Trials = 20;
    private const int Rate = 200;
    private const int FitsAtLeast = 18;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_new_item_comes_among_the_first_ten_of_a_user_it_fits_and_is_gone_when_hidden_under_load_and_without_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("serverlessrec-live-").FullName;
        try
        {
            await RunAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAsync(string folder)
    {
        await ChildProcess.RunAsync("cp", ["-r", Path.Combine(store.Folder, "blobs"), Path.Combine(store.Folder, "users.db"), folder]);
        await using var server = new KilledServer(folder);
        server.Start();
        await server.WaitUntilReadyAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        var users = await IdsAsync(client, "users", "Users", "UserId");
        var readers = await WithHistoryAsync(client, users);
        await using var load = new SteadyLoad(server.Address!, [.. users.Except(readers)], await IdsAsync(client, "items", "Items", "ItemId"), Rate);
        await Waiting.UntilAsync("the load runs", () => load.Done >= 2 * Rate);

        var (appeared, gone) = (new List<double>(), new List<double>());
        for (var trial = 0; trial < Trials; trial++)
        {
            var (user, twin) = (readers[trial], $"twin-{trial}");
            var item = await ItemAsync(client, (await RecommendedAsync(client, user, 1))[0]);
            item["ItemId"] = twin;

            var begun = Stopwatch.GetTimestamp();
            await SendAsync(client, HttpMethod.Post, "/api/item", item.ToJsonString());
            if (await UntilAsync(async () => (await RecommendedAsync(client, user, 10)).Contains(twin), begun) is { } seen)
            {
                appeared.Add(seen);
            }

            begun = Stopwatch.GetTimestamp();
            await SendAsync(client, HttpMethod.Patch, $"/api/item/{twin}", """{"IsHidden":true}""");
            var hidden = await UntilAsync(async () => !(await RecommendedAsync(client, user, 500)).Contains(twin), begun);
            gone.Add(hidden ?? throw new InvalidOperationException($"{twin} is still recommended to {user}."));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{appeared.Count} of {Trials} among the first ten; {load.Done} events and requests; new item recommended after {Figures(appeared)}; hidden item gone after {Figures(gone)}");
        Assert.Equal(0, load.Failed);
        Assert.InRange(appeared.Count, FitsAtLeast, Trials);
    }

    private static string Figures(List<double> milliseconds) => $"{milliseconds.Order().ElementAt(milliseconds.Count / 2):F0} ms (median), {milliseconds.Max():F0} ms (greatest)";

    // Milliseconds; null: patience was over first.
    private static async Task<double?> UntilAsync(Func<Task<bool>> holds, long begun)
    {
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
            {
                return null;
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    // An item can only fit somebody of whom something is known.
    private static async Task<List<string>> WithHistoryAsync(HttpClient client, List<string> users)
    {
        var readers = new List<string>();
        for (var i = 0; i < users.Count && readers.Count < Trials; i++)
        {
            var history = await client.GetFromJsonAsync<JsonElement>($"/api/user/{users[i]}/feedback", TestContext.Current.CancellationToken);
            if (history.GetArrayLength() >= 5)
            {
                readers.Add(users[i]);
            }
        }

        Assert.Equal(Trials, readers.Count);
        return readers;
    }

    private static async Task<List<string>> RecommendedAsync(HttpClient client, string user, int count)
    {
        var list = await client.GetFromJsonAsync<JsonElement>($"/api/recommend/{user}?n={count}", TestContext.Current.CancellationToken);
        return [.. list.EnumerateArray().Select(id => id.GetString()!)];
    }

    private static async Task<JsonObject> ItemAsync(HttpClient client, string id) =>
        (await client.GetFromJsonAsync<JsonObject>($"/api/item/{Uri.EscapeDataString(id)}", TestContext.Current.CancellationToken))!;

    private static async Task SendAsync(HttpClient client, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<List<string>> IdsAsync(HttpClient client, string path, string list, string field)
    {
        var page = await client.GetFromJsonAsync<JsonElement>($"/api/{path}?n=500", TestContext.Current.CancellationToken);
        return [.. page.GetProperty(list).EnumerateArray().Select(row => row.GetProperty(field).GetString()!)];
    }
}
