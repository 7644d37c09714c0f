using System.Diagnostics;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Benchmarks.Stream;

/// <summary>The whole embedded way: durable append, reader, processor with the real tower, SQLite, archive; all on one disk.</summary>
internal static class EmbeddedBench
{
    private const int Callers = 8;
    private const int WarmUpEvents = 20_000;

    /// <summary>Imports the users, then streams. Returns the import's seconds and the stream's throughput.</summary>
    public static async Task<(double ImportSeconds, Throughput Stream)> RunAsync(
        StreamSettings settings, EmbeddedStore store, FeedbackStream stream, UserVectorInference infer, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await UserImport.RunAsync(store.Users, stream.Users(settings.History), cancellationToken);
        var import = clock.Elapsed.TotalSeconds;

        await using var loop = new LiveLoop(store, infer);

        // As for the processor alone.
        await SendAllAsync(settings.Batch, 0, WarmUpEvents, loop, stream, cancellationToken);
        await Task.Delay(ProcessorBench.SteadyAfter, cancellationToken);
        clock.Restart();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        await SendAllAsync(settings.Batch, WarmUpEvents, settings.Events, loop, stream, cancellationToken);
        var throughput = Throughput.Of(settings.Events, clock.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - cpu);
        return (import, throughput);
    }

    private static async Task SendAllAsync(
        int batch, int first, int count, LiveLoop loop, FeedbackStream stream, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(first + caller);
            for (var start = caller * batch; start < count; start += Callers * batch)
            {
                var events = new FeedbackEvent[Math.Min(batch, count - start)];
                for (var i = 0; i < events.Length; i++)
                {
                    events[i] = stream.Event(first + start + i, random);
                }

                await loop.Log.AppendAsync(events, cancellationToken);
            }
        })));
        while (!loop.Consumer.IsCaughtUp)
        {
            await Task.Delay(1, cancellationToken);
        }
    }
}
