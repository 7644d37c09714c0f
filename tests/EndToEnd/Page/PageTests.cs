using System.Text.Json;
using Microsoft.Playwright;
using ServerlessRec.EndToEnd.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ServerlessRec.EndToEnd.Page;

public sealed class PageTests(TrainedStore store)
{
    [Fact]
    public async Task The_page_shows_a_users_history_and_recommendations_with_titles()
    {
        await using var browser = await Browser.OpenAsync();
        var page = browser.Page;
        await page.GotoAsync($"{store.Address}#reader-0001");

        await Expect(page.Locator("#recommended-items > li")).ToHaveCountAsync(20);
        var user = await page.Locator("#user").InputValueAsync();
        var first = await FirstTitleAsync($"/api/recommend/{Uri.EscapeDataString(user)}?n=1");
        await Expect(page.Locator("#recommended-items > li .title").First).ToHaveTextAsync(first);
        await Expect(page.Locator("#history-items > li .title").First).ToBeVisibleAsync();
        await Expect(page.Locator("#release")).Not.ToHaveTextAsync("–");
        await Expect(page.Locator("#timings")).ToContainTextAsync("ms to this page");
        await browser.PictureAsync("page");
        Assert.Empty(browser.Failures);
    }

    [Fact]
    public async Task Another_user_another_list_a_category_and_similar_items_can_be_chosen()
    {
        await using var browser = await Browser.OpenAsync(420, 860);
        var page = browser.Page;
        await page.GotoAsync($"{store.Address}#reader-0002");
        await Expect(page.Locator("#recommended-items > li")).ToHaveCountAsync(20);

        var popular = $"/api/popular?n=1&user-id={Uri.EscapeDataString(await page.Locator("#user").InputValueAsync())}";
        await page.GetByRole(AriaRole.Button, new() { Name = "Popular" }).ClickAsync();
        await Expect(page.Locator("#recommended-items > li .title").First).ToHaveTextAsync(await FirstTitleAsync(popular));

        var category = await page.Locator("#category option").Nth(1).GetAttributeAsync("value");
        await page.Locator("#category").SelectOptionAsync(category!);
        await Expect(page.Locator("#recommended-items > li .title").First)
            .ToHaveTextAsync(await FirstTitleAsync($"{popular}&category={Uri.EscapeDataString(category!)}"));

        await page.Locator("#recommended-items > li button.title").First.ClickAsync();
        await Expect(page.Locator("#similar")).ToBeVisibleAsync();
        await Expect(page.Locator("#similar-items > li")).ToHaveCountAsync(10);
        await browser.PictureAsync("page-narrow-similar");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await page.Locator("#user").FillAsync("somebody-new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Expect(page.Locator("#history-items")).ToContainTextAsync("Nothing yet");
        Assert.Empty(browser.Failures);
    }

    [Theory]
    [InlineData("Click", "click")]
    [InlineData("Like", "like")]
    [InlineData("Buy", "buy")]
    [InlineData("Hide", "hide")]
    public async Task What_a_person_does_changes_the_list_live_and_the_page_says_how_fast(string label, string type)
    {
        await using var browser = await Browser.OpenAsync();
        var page = browser.Page;
        await page.GotoAsync($"{store.Address}#page-{type}");
        await Expect(page.Locator("#recommended-items > li")).ToHaveCountAsync(20);
        await Expect(page.Locator("#history-items")).ToContainTextAsync("Nothing yet");
        var third = page.Locator("#recommended-items > li").Nth(2);
        var id = await third.GetAttributeAsync("data-item");
        var title = await third.Locator(".title").InnerTextAsync();

        await third.GetByRole(AriaRole.Button, new() { Name = $"{label}: this item" }).ClickAsync();

        await Expect(page.Locator("#lag")).ToContainTextAsync("changed the list in");
        await Expect(page.Locator($"#recommended-items > li[data-item='{id}']")).ToHaveCountAsync(0);
        await Expect(page.Locator("#recommended-items > li")).ToHaveCountAsync(20);
        await Expect(page.Locator("#history-items > li .title").First).ToHaveTextAsync(title);
        await Expect(page.Locator("#history-items > li .about").First).ToContainTextAsync(type);
        await browser.PictureAsync($"page-{type}");
        Assert.Empty(browser.Failures);
    }

    private async Task<string> FirstTitleAsync(string list)
    {
        using var answer = JsonDocument.Parse(await store.Client.GetStringAsync(list, TestContext.Current.CancellationToken));
        var first = answer.RootElement[0];
        var id = first.ValueKind == JsonValueKind.String ? first.GetString()! : first.GetProperty("Id").GetString()!;
        using var item = JsonDocument.Parse(await store.Client.GetStringAsync($"/api/item/{Uri.EscapeDataString(id)}", TestContext.Current.CancellationToken));
        return item.RootElement.GetProperty("Comment").GetString()!;
    }
}
