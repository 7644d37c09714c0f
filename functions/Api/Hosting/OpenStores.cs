using Microsoft.Extensions.Logging;
using ServerlessRec.Azure;
using ServerlessRec.Azure.Feedback;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Embedded;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Hosting;

/// <summary>
/// The stores that settings choose, open: a folder of this machine or a storage account; an event hub or the log in a folder. The current
/// release begins to load with the opening. Disposing closes them, after the server has stopped.
/// </summary>
public sealed class OpenStores : IAsyncDisposable
{
    private readonly List<object> _opened = [];

    private OpenStores()
    {
    }

    /// <summary>What a server works on.</summary>
    public Stores Stores { get; private set; } = null!;

    /// <summary>The log of this machine; null where feedback goes through an event hub.</summary>
    public PartitionedFeedbackLog? Log { get; private set; }

    /// <summary>Opens them.</summary>
    /// <exception cref="FormatException">The settings do not go together, or a connection string cannot be used.</exception>
    /// <exception cref="BlobStoreException">The blob store cannot be opened.</exception>
    /// <exception cref="UserStoreException">The user store cannot be opened.</exception>
    /// <exception cref="FeedbackLogException">The log cannot be opened; another process has it, for instance.</exception>
    public static async Task<OpenStores> OpenAsync(StoreSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validated();
        var open = new OpenStores();
        try
        {
            var (blobs, users, creating) = open.Storage(settings, clock, cancellationToken);
            var headStart = ReleaseHeadStart.Begin(blobs, clock);
            open._opened.Add(headStart);
            var stores = settings.EventHubs is null
                ? open.WithLog(settings, blobs, users, clock)
                : open.WithEventHub(settings, blobs, users, clock);
            await creating.ConfigureAwait(false);
            open.Stores = stores with { HeadStart = headStart };
            return open;
        }
        catch
        {
            await open.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
        {
            if (opened is IAsyncDisposable waits)
            {
                await waits.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                ((IDisposable)opened).Dispose();
            }
        }

        _opened.Clear();
    }

    // Creating ends with the fault of an account that is away; reading what is there need not wait for it.
    private (IBlobStore Blobs, IUserStore Users, Task Creating) Storage(StoreSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (settings.Address.Kind == StoreKind.Folder)
        {
            var embedded = EmbeddedStore.Open(settings.Address.Value, clock);
            _opened.Add(embedded);
            return (embedded.Blobs, embedded.Users, Task.CompletedTask);
        }

        var account = AzureStore.Connect(settings);
        return (account.Blobs, account.Users, account.CreateAsync(cancellationToken));
    }

    private Stores WithLog(StoreSettings settings, IBlobStore blobs, IUserStore users, TimeProvider clock)
    {
        var folder = settings.FeedbackFolder ?? Path.Combine(settings.Address.Value, "feedback");
        var log = PartitionedFeedbackLog.Open(folder, new FeedbackLogOptions { Retention = settings.FeedbackRetention }, clock);
        _opened.Add(log);
        Log = log;
        var checkpoint = Path.Combine(folder, FeedbackConsumer.CheckpointFile);
        return new Stores(blobs, users, log, (processor, loggers) =>
            new FeedbackConsumer(log, checkpoint, processor, clock, loggers.CreateLogger<FeedbackConsumer>()));
    }

    private Stores WithEventHub(StoreSettings settings, IBlobStore blobs, IUserStore users, TimeProvider clock)
    {
        var hub = EventHub.OpenLog(settings);
        _opened.Add(hub);
        return new Stores(blobs, users, hub, (processor, loggers) =>
            EventHub.OpenConsumer(settings, blobs, processor, clock, loggers.CreateLogger<EventHubFeedbackConsumer>()));
    }
}
