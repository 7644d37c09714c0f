using System.Diagnostics;
using ServerlessRec.Benchmarks.OnAzurite;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Benchmarks.Stream;

/// <summary>Events through Microsoft's clients into rows and archive on Azurite as fast as they go, and where the time goes.</summary>
internal static class HubStream
{
    private const int Callers = 8;
    private const int WarmUpEvents = 5_000;

    public static async Task RunAsync(
        StreamSettings settings, AzuriteWorld world, string folder, FeedbackStream stream, UserVectorInference infer, BenchmarkReport report, CancellationToken cancellationToken)
    {
        await UserImport.RunAsync(world.Store.Users, stream.Users(settings.History), cancellationToken);
        await using var loop = new HubLoop(world, folder, infer);
        await SendAsync(settings.Batch, 0, WarmUpEvents, loop, stream, cancellationToken);
        await loop.WaitForAsync(WarmUpEvents, cancellationToken);
        StageTimes[] stages = [loop.Rows.Reads, loop.Rows.Writes, loop.Blobs.Appends, loop.Blobs.Writes];
        foreach (var stage in stages.Append(loop.Users.Reads))
        {
            stage.Clear();
        }

        var (clock, own, azurite) = (Stopwatch.StartNew(), OwnProcessorTime(), world.ProcessorTime);
        await SendAsync(settings.Batch, WarmUpEvents, settings.Events, loop, stream, cancellationToken);
        var sent = clock.Elapsed.TotalSeconds;
        await loop.WaitForAsync(settings.Events, cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        report.Add("hub_events_per_s", settings.Events / seconds, "events/s");
        report.Add("hub_sent_per_s", settings.Events / sent, "events/s");
        report.Add("own_cpu_us_per_event", (OwnProcessorTime() - own).TotalMicroseconds / settings.Events, "µs");
        report.Add("azurite_cpu_us_per_event", (world.ProcessorTime - azurite).TotalMicroseconds / settings.Events, "µs");
        report.Add("azurite_cores_busy", (world.ProcessorTime - azurite).TotalSeconds / seconds, "cores");
        report.Add("rows_read_per_row_asked", loop.Rows.Reads.Entries / (double)loop.Users.Reads.Entries, "share");
        report.Add("events_per_batch", settings.Events / (double)loop.Users.Reads.Calls, "events");
        foreach (var (name, stage) in new[] { "row_reads", "row_writes", "archive_appends", "checkpoint_writes" }.Zip(stages))
        {
            report.Add($"{name}_ms_per_call", stage.Seconds * 1000 / Math.Max(1, stage.Calls), "ms");
            report.Add($"{name}_us_per_event", stage.Seconds * 1e6 / settings.Events, "µs");
        }
    }

    private static TimeSpan OwnProcessorTime() => Process.GetCurrentProcess().TotalProcessorTime;

    private static Task SendAsync(int batch, int first, int count, HubLoop loop, FeedbackStream stream, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(first + caller);
            for (var start = caller * batch; start < count; start += Callers * batch)
            {
                var events = Enumerable.Range(start, Math.Min(batch, count - start)).Select(number => stream.Event(first + number, random)).ToArray();
                await loop.Hub.AppendAsync(events, cancellationToken);
            }
        })));
}
