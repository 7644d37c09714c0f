using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using ServerlessRec.Api.Hosting;
using ServerlessRec.Api.Keys;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Embedded.Blobs;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Standalone.Hosting;
using ServerlessRec.Standalone.Settings;

namespace ServerlessRec.Api.Tests.Fixtures;

/// <summary>The standalone server on a free loopback port, over a folder of its own and users in memory.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly PartitionedFeedbackLog _log;

    private TestServer(WebApplication app, PartitionedFeedbackLog log, string folder, IBlobStore blobs, MemoryUserStore users)
    {
        _app = app;
        _log = log;
        Folder = folder;
        Blobs = blobs;
        Users = users;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public string Folder { get; }

    public IBlobStore Blobs { get; }

    public MemoryUserStore Users { get; }

    /// <summary>The feedback log, past the checks of the door.</summary>
    public IFeedbackLog Log => _log;

    public static async Task<TestServer> StartAsync(
        ApiKeys? keys = null, Func<IBlobStore, Task>? prepare = null, ApiLimits? limits = null, IReadOnlyList<string>? corsOrigins = null)
    {
        var folder = Directory.CreateTempSubdirectory("serverlessrec-api-").FullName;
        var blobs = new FolderBlobStore(Path.Combine(folder, "blobs"), TimeProvider.System);
        var users = new MemoryUserStore();
        if (prepare is not null)
        {
            await prepare(blobs);
        }

        var settings = new StandaloneSettings
        {
            Stores = new StoreSettings { Address = StoreAddress.Parse(folder) },
            Urls = ["http://127.0.0.1:0"],
            Keys = keys ?? ApiKeys.None,
            ReleasePoll = TimeSpan.FromMilliseconds(50),
            Limits = (limits ?? new ApiLimits()) with { MaxBodyBytes = 64 * 1024 },
            CorsOrigins = corsOrigins ?? [],
            LogLevel = LogLevel.None,
        };
        var log = PartitionedFeedbackLog.Open(Path.Combine(folder, "feedback"), new FeedbackLogOptions(), TimeProvider.System);
        var checkpoint = Path.Combine(folder, "feedback", "users.checkpoint");
        var stores = new Stores(blobs, users, log, (processor, loggers) => new FeedbackConsumer(log, checkpoint, processor, TimeProvider.System, loggers.CreateLogger<FeedbackConsumer>()));
        var app = Server.Build(settings, stores, TimeProvider.System);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestServer(app, log, folder, blobs, users);
    }

    /// <summary>Returns when the server is ready.</summary>
    public async Task WaitUntilReadyAsync()
    {
        while (true)
        {
            using var answer = await Client.GetAsync("/api/health/ready", TestContext.Current.CancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _log.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
