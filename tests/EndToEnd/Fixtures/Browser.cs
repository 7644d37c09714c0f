using Microsoft.Playwright;

namespace ServerlessRec.EndToEnd.Fixtures;

/// <summary>The system's Chromium, headless.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _failures = [];

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
        page.PageError += (_, error) => _failures.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _failures.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>What the page's scripts complained of.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public static async Task<Browser> OpenAsync(int width = 1280, int height = 900)
    {
        Assert.SkipUnless(File.Exists(Executable), $"{Executable} is not installed.");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Headless = true, ChromiumSandbox = false });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        page.SetDefaultTimeout(20_000);
        return new Browser(playwright, browser, page);
    }

    /// <summary>Keeps a picture when the environment names a folder for them.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("SERVERLESSREC_PICTURES") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
