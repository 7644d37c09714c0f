using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ServerlessRec.Azurite;
using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Azure;

/// <summary>A trained store goes into a storage account (Azurite) and out into another folder; a server runs over each.</summary>
public sealed class AccountTests(TrainedStore trained)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_over_an_account_answers_as_one_over_a_folder_and_takes_feedback_and_items()
    {
        Assert.SkipUnless(AzuriteServer.Missing is null, AzuriteServer.Missing ?? "");
        await using var azurite = await AzuriteServer.StartAsync(Cancel);
        var folder = Directory.CreateTempSubdirectory("serverlessrec-account-").FullName;
        var active = (await UsersAsync(trained.Client))[0];
        await ClickFirstAsync(trained.Client, active);
        var restored = Path.Combine(folder, "restored");
        await ChildProcess.RunAsync("dotnet", [Repository.Training, "backup", "--store", trained.Folder, "--to", azurite.ConnectionString]);
        await ChildProcess.RunAsync("dotnet", [Repository.Training, "restore", "--from", azurite.ConnectionString, "--store", restored]);
        await using var onFolder = ChildProcess.Start("dotnet", [Repository.Standalone, "--store", restored, "--port", "0"]);
        await using var onAccount = ChildProcess.Start(
            "dotnet", [Repository.Standalone, "--store", azurite.ConnectionString, "--feedback-folder", Path.Combine(folder, "log"), "--port", "0"]);
        using var one = await ClientAsync(onFolder);
        using var other = await ClientAsync(onAccount);

        var everybody = await UsersAsync(one);
        Assert.Equal(everybody, await UsersAsync(other));
        var (users, items) = (everybody[..20], (await PageAsync(one, "items?n=10", "Items", "ItemId")).Ids);
        Assert.Equal(10, items.Length);
        string[] asked =
        [
            .. users.Select(user => $"recommend/{user}?n=20"), .. users.Select(user => $"user/{user}/feedback"), .. items.Select(item => $"item/{item}/neighbors/?n=10"),
            .. items.Select(item => $"item/{item}"), "popular?n=20", "latest?n=20&category=News", $"recommend/{users[0]}?n=20&category=Video", "recommend/nobody?n=10",
        ];
        foreach (var path in asked)
        {
            Assert.Equal(await TextAsync(one, path), await TextAsync(other, path));
        }

        // The account's server begins a log of its own, whose first event has the place of the one that the user came with.
        await TakesWritesAsync(other, active);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> ClickFirstAsync(HttpClient server, string user)
    {
        var clicked = (await server.GetFromJsonAsync<string[]>($"/api/recommend/{user}?n=1", Cancel))![0];
        await PostAsync(server, "feedback", new[] { new { FeedbackType = "click", UserId = user, ItemId = clicked, Timestamp = DateTimeOffset.UtcNow } });
        await Waiting.UntilAsync(
            "the clicked item left the list",
            async () => !(await server.GetFromJsonAsync<string[]>($"/api/recommend/{user}?n=20", Cancel))!.Contains(clicked));
        return clicked;
    }

    private static async Task TakesWritesAsync(HttpClient server, string user)
    {
        var clicked = await ClickFirstAsync(server, user);
        Assert.Contains(clicked, await TextAsync(server, $"user/{user}/feedback"), StringComparison.Ordinal);
        await PostAsync(server, "item", new { ItemId = "account-item", Categories = new[] { "Account" }, Timestamp = DateTimeOffset.UtcNow.AddYears(1) });
        await Waiting.UntilAsync("the new item is listed", async () => (await TextAsync(server, "latest?n=1")).Contains("account-item", StringComparison.Ordinal));
        using var deleted = await server.DeleteAsync($"/api/user/{user}", Cancel);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync($"/api/user/{user}", Cancel)).StatusCode);
    }

    private static async Task PostAsync<T>(HttpClient server, string path, T body)
    {
        using var answer = await server.PostAsJsonAsync("/api/" + path, body, JsonSerializerOptions.Default, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<HttpClient> ClientAsync(ChildProcess server)
    {
        var client = new HttpClient { BaseAddress = new Uri(await server.WaitForAsync("Listening on ")) };
        await Waiting.UntilReadyAsync(client);
        return client;
    }

    // Each store lists users in an order of its own.
    private static async Task<string[]> UsersAsync(HttpClient server)
    {
        var (users, cursor) = (new List<string>(), "");
        do
        {
            (var page, cursor) = await PageAsync(server, $"users?n=500&cursor={Uri.EscapeDataString(cursor)}", "Users", "UserId");
            users.AddRange(page);
        }
        while (cursor.Length > 0);

        return [.. users.Order(StringComparer.Ordinal)];
    }

    private static async Task<(string[] Ids, string Cursor)> PageAsync(HttpClient server, string path, string list, string id)
    {
        using var answer = JsonDocument.Parse(await TextAsync(server, path));
        var entries = answer.RootElement.GetProperty(list).EnumerateArray();
        return ([.. entries.Select(entry => entry.GetProperty(id).GetString()!)], answer.RootElement.GetProperty("Cursor").GetString()!);
    }

    private static async Task<string> TextAsync(HttpClient server, string path)
    {
        using var answer = await server.GetAsync("/api/" + path, Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{path} was answered {(int)answer.StatusCode}");
        return await answer.Content.ReadAsStringAsync(Cancel);
    }
}
