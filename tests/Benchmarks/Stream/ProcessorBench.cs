using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Contracts.InMemory;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Benchmarks.Stream;

/// <summary>The processor alone, its stores in memory: a partition a core, batch after batch.</summary>
internal static class ProcessorBench
{
    /// <summary>The processor marks what it applies while a partition is new to it, see <see cref="FeedbackProcessor.ProbationTime"/>.</summary>
    public static readonly TimeSpan SteadyAfter = FeedbackProcessor.ProbationTime + TimeSpan.FromMilliseconds(100);

    private const int WarmUpEvents = 50_000;

    public static async Task<Throughput> RunAsync(
        StreamSettings settings, FeedbackStream stream, UserVectorInference infer, CancellationToken cancellationToken)
    {
        var users = new InMemoryUserStore();
        await UserImport.RunAsync(users, stream.Users(settings.History), cancellationToken);
        var blobs = new InMemoryBlobStore(TimeProvider.System);
        var processor = new FeedbackProcessor(
            users, infer, FeedbackFiles.Over(blobs, TimeProvider.System), new FeedbackRetries(), TimeProvider.System, NullLogger<FeedbackProcessor>.Instance);
        var partitions = Partition(stream, WarmUpEvents, settings.Events, Environment.ProcessorCount);

        // Until the just-in-time compiler is through, and no partition is new to the process any more: a server runs for days.
        await RunAllAsync(processor, Partition(stream, 0, WarmUpEvents, Environment.ProcessorCount), settings.Batch, cancellationToken);
        await Task.Delay(SteadyAfter, cancellationToken);

        var clock = Stopwatch.StartNew();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        await RunAllAsync(processor, partitions, settings.Batch, cancellationToken);
        return Throughput.Of(settings.Events, clock.Elapsed, Process.GetCurrentProcess().TotalProcessorTime - cpu);
    }

    private static Task RunAllAsync(FeedbackProcessor processor, RawFeedback[][] partitions, int batch, CancellationToken cancellationToken) =>
        Task.WhenAll(partitions.Select(partition => Task.Run(() => ProcessAsync(processor, partition, batch, cancellationToken))));

    private static async Task ProcessAsync(FeedbackProcessor processor, RawFeedback[] events, int batch, CancellationToken cancellationToken)
    {
        foreach (var part in events.Chunk(batch))
        {
            await processor.ProcessAsync(part, cancellationToken);
        }
    }

    private static RawFeedback[][] Partition(FeedbackStream stream, int first, int events, int partitions)
    {
        var random = new Random(first);
        var lists = Enumerable.Range(0, partitions).Select(_ => new List<RawFeedback>()).ToArray();
        var json = new ArrayBufferWriter<byte>();
        for (var i = first; i < first + events; i++)
        {
            var feedback = stream.Event(i, random);
            json.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(json))
            {
                FeedbackJson.Write(feedback, writer);
            }

            var partition = UserPartition.Of(feedback.UserId, partitions);
            lists[partition].Add(new RawFeedback(partition, i, feedback.Timestamp, json.WrittenSpan.ToArray()));
        }

        return [.. lists.Select(list => list.ToArray())];
    }
}

/// <summary>Events a second by the clock, and by the processor time they took, which other programs on the machine do not change.</summary>
internal readonly record struct Throughput(double PerSecond, double CpuMicroseconds)
{
    public static Throughput Of(int events, TimeSpan elapsed, TimeSpan cpu) => new(events / elapsed.TotalSeconds, cpu.TotalMicroseconds / events);
}
