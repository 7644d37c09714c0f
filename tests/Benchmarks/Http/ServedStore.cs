using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ServerlessRec.Benchmarks.Http;

/// <summary>A standalone server over a store, as a process of its own on a free port, and calls of its API. Disposing ends the process.</summary>
internal sealed class ServedStore : IAsyncDisposable
{
    private const string Listening = "Listening on ";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _client;

    private ServedStore(Process process, Uri address)
    {
        _process = process;
        _client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = address };
    }

    /// <summary>Starts the server and returns when it is ready.</summary>
    public static Task<ServedStore> StartAsync(string folder, CancellationToken cancellationToken) => StartAsync(["--store", folder], cancellationToken);

    /// <summary>The same over any stores.</summary>
    public static async Task<ServedStore> StartAsync(string[] stores, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Standalone.Hosting.Server).Assembly.Location, .. stores, "--port", "0"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StartsWithin);
            var server = new ServedStore(process, await AddressAsync(process, patience.Token));
            await server.WaitUntilReadyAsync(patience.Token);
            return server;
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>A user's list and the release that made it.</summary>
    public async Task<(string[] Items, string Release)> RecommendAsync(string userId, CancellationToken cancellationToken)
    {
        using var answer = await _client.GetAsync(new Uri($"/api/recommend/{userId}?n=10", UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var items = await JsonSerializer.DeserializeAsync<string[]>(body, cancellationToken: cancellationToken);
        return (items!, answer.Headers.GetValues("X-Release").Single());
    }

    /// <summary>Sends one click; durable when this returns.</summary>
    public Task ClickAsync(string userId, string itemId, CancellationToken cancellationToken) => PostAsync(
        "/api/feedback",
        JsonSerializer.Serialize(new[] { new { FeedbackType = "click", UserId = userId, ItemId = itemId, Timestamp = DateTimeOffset.UtcNow } }),
        cancellationToken);

    /// <summary>The ids of the newest items.</summary>
    public async Task<string[]> LatestAsync(CancellationToken cancellationToken)
    {
        await using var body = await _client.GetStreamAsync(new Uri("/api/latest?n=10", UriKind.Relative), cancellationToken);
        var items = await JsonSerializer.DeserializeAsync<JsonElement>(body, cancellationToken: cancellationToken);
        return [.. items.EnumerateArray().Select(item => item.GetProperty("Id").GetString()!)];
    }

    /// <summary>Sends anything and answers what came back.</summary>
    public Task<JsonElement> PostAsync(string path, string json, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, json, cancellationToken);

    /// <summary>Changes what the body names and answers what came back.</summary>
    public Task<JsonElement> PatchAsync(string path, string json, CancellationToken cancellationToken) => SendAsync(HttpMethod.Patch, path, json, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string json, CancellationToken cancellationToken)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        using var answer = await _client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new InvalidOperationException($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
    }

    private static async Task<Uri> AddressAsync(Process process, CancellationToken cancellationToken)
    {
        // Reads to the end, so that what it says later does not fill the pipe.
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            var at = line.Data?.IndexOf(Listening, StringComparison.Ordinal) ?? -1;
            if (at >= 0)
            {
                address.TrySetResult(new Uri(line.Data![(at + Listening.Length)..].Split([' ', ','], 2)[0]));
            }
            else if (line.Data is null)
            {
                address.TrySetException(new InvalidOperationException("The server ended before it listened."));
            }
        };
        process.BeginOutputReadLine();
        return await address.Task.WaitAsync(cancellationToken);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var answer = await _client.GetAsync(new Uri("/api/health/ready", UriKind.Relative), cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(20, cancellationToken);
        }
    }
}
