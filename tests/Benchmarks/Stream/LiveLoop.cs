using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Embedded;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Benchmarks.Stream;

/// <summary>The embedded live loop, running: log, consumer, processor over a store. Disposing stops it.</summary>
internal sealed class LiveLoop : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _consuming;

    public LiveLoop(EmbeddedStore store, UserVectorInference infer, TimeProvider? clock = null)
    {
        Log = store.OpenFeedbackLog(new FeedbackLogOptions());
        var processor = new FeedbackProcessor(
            store.Users,
            infer,
            FeedbackFiles.Over(store.Blobs, clock ?? TimeProvider.System),
            new FeedbackRetries(),
            clock ?? TimeProvider.System,
            NullLogger<FeedbackProcessor>.Instance);
        Consumer = store.CreateConsumer(Log, processor, NullLogger<FeedbackConsumer>.Instance);
        _consuming = Consumer.RunAsync(_stop.Token);
    }

    public PartitionedFeedbackLog Log { get; }

    public FeedbackConsumer Consumer { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _consuming;
        Consumer.Dispose();
        await Log.DisposeAsync();
        _stop.Dispose();
    }
}
