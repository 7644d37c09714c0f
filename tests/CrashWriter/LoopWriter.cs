using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Embedded;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.CrashWriter;

/// <summary>
/// The live loop: appends events of 50 users from 8 callers at once and consumes them. A line "item" says that the event on that item was
/// acknowledged. The first event has the number it is given.
/// </summary>
public static class LoopWriter
{
    public const int Users = 50;
    private const int Callers = 8;

    public static string UserOf(int n) => $"u{n % Users}";

    public static FeedbackProcessor Processor(EmbeddedStore store) => new(
        store.Users,
        (_, _) => null,
        FeedbackFiles.Over(store.Blobs, TimeProvider.System),
        new FeedbackRetries(),
        TimeProvider.System,
        NullLogger<FeedbackProcessor>.Instance);

    public static async Task RunAsync(string folder, int first)
    {
        using var store = EmbeddedStore.Open(folder, TimeProvider.System);
        await using var log = store.OpenFeedbackLog(new FeedbackLogOptions { SegmentBytes = 64 << 10 });
        using var consumer = store.CreateConsumer(log, Processor(store), NullLogger<FeedbackConsumer>.Instance);
        using var stop = new CancellationTokenSource();
        var consuming = consumer.RunAsync(stop.Token);
        var next = first;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var n = Interlocked.Increment(ref next) - 1;
                await log.AppendAsync([Event(n)], default);
                lock (stop)
                {
                    Console.Out.WriteLine($"i{n}");
                    Console.Out.Flush();
                }
            }
        })).Append(consuming));
    }

    private static FeedbackEvent Event(int n) =>
        new() { UserId = UserOf(n), ItemId = $"i{n}", FeedbackType = "click", Timestamp = DateTimeOffset.UnixEpoch.AddSeconds(n) };
}
