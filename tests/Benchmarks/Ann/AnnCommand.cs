using System.CommandLine;
using ServerlessRec.Index;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>The ann verb: our index against hnswlib, Faiss and USearch.</summary>
internal static class AnnCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--n") { Description = "Vectors.", DefaultValueFactory = _ => 200_000 };
        var dimensions = new Option<int>("--dim") { Description = "Dimensions.", DefaultValueFactory = _ => 64 };
        var metric = new Option<string>("--metric") { Description = "ip or cos.", DefaultValueFactory = _ => "ip" }.AcceptOnlyFromAmong("ip", "cos");
        var k = new Option<int>("--k") { Description = "Neighbours asked for.", DefaultValueFactory = _ => 10 };
        var peers = new Option<string>("--peers") { Description = "all, none, or some of hnswlib,faiss,usearch.", DefaultValueFactory = _ => "all" };
        var release = new Option<string?>("--release") { Description = "Take the vectors of the index.snapshot in this folder." };
        var rerank = new Option<RerankVectors>("--rerank") { Description = "Our rerank vectors.", DefaultValueFactory = _ => RerankVectors.Residual };
        var threads = new Option<int>("--build-threads") { Description = "Threads of every build.", DefaultValueFactory = _ => 1 };
        var rounds = new Option<int>("--rounds") { Description = "Interleaved rounds.", DefaultValueFactory = _ => 7 };
        var quick = new Option<bool>("--quick") { Description = "A smaller case, under 45 seconds." };
        var extras = new Option<bool>("--extras") { Description = "Filters, overlay, loading.", DefaultValueFactory = _ => true };
        var churn = new Option<int>("--churn") { Description = "Rounds of replacing a twentieth of the items and merging, beside a fresh build in the end; 0: none." };
        var clock = new Option<string>("--clock")
        {
            Description = "wall, or cpu: processor time of the measuring thread, for a machine that is busy otherwise (Linux, one build thread).",
            DefaultValueFactory = _ => "wall",
        }.AcceptOnlyFromAmong("wall", "cpu");
        var json = new Option<string?>("--json") { Description = "Write the report here." };
        var plot = new Option<string?>("--plot") { Description = "Draw recall against queries per second here (png)." };
        var command = new Command("ann", "Nearest neighbours: recall against queries per second, build, size, filters, overlay.")
        {
            count, dimensions, metric, k, peers, release, rerank, threads, rounds, quick, extras, churn, clock, json, plot,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new AnnSettings
            {
                Count = parsed.GetValue(count),
                Dimensions = parsed.GetValue(dimensions),
                Metric = parsed.GetValue(metric) == "cos" ? Metric.Cosine : Metric.InnerProduct,
                K = parsed.GetValue(k),
                Peers = parsed.GetValue(peers)!,
                Release = parsed.GetValue(release),
                Rerank = parsed.GetValue(rerank),
                BuildThreads = parsed.GetValue(threads),
                Rounds = parsed.GetValue(rounds),
                Extras = parsed.GetValue(extras),
                ChurnRounds = parsed.GetValue(churn),
                ProcessorTime = parsed.GetValue(clock) == "cpu",
                Json = parsed.GetValue(json),
                Plot = parsed.GetValue(plot),
            };
            if (parsed.GetValue(quick))
                settings = settings with { Count = Math.Min(settings.Count, 15_000), Queries = 500, Rounds = Math.Min(settings.Rounds, 5) };
            return new AnnBench(settings).RunAsync(cancellationToken);
        });
        return command;
    }
}
