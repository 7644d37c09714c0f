using System.Diagnostics;
using System.Net;
using ServerlessRec.Benchmarks.ColdStart;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.FunctionsHost.Host;

namespace ServerlessRec.Benchmarks.Http;

/// <summary>
/// Runs the http verb: the published worker under a host that speaks the real one's protocol. Each request is what the real host makes of it, an
/// invocation on the stream and the request itself to the worker's web server, and counts until both have ended.
/// </summary>
internal sealed class HttpBench(HttpSettings settings)
{
    private const int WarmUp = 1_000;

    private readonly BenchmarkReport _report = new("http", TimeProvider.System.GetUtcNow());

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("serverlessrec-http-").FullName;
        try
        {
            var store = Path.Combine(folder, "store");
            var published = settings.Published ?? Path.Combine(folder, "published");
            await ColdStore.PrepareAsync(store, settings.Items, settings.Dimensions, cancellationToken);
            if (!Directory.Exists(published))
            {
                await Publishing.WorkerAsync(published, cancellationToken);
            }

            await MeasureAsync(store, Path.Combine(published, Publishing.WorkerR2R), cancellationToken);
            _report.Print();
            if (settings.Json is { } json)
            {
                _report.WriteJson(json);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task MeasureAsync(string store, string worker, CancellationToken cancellationToken)
    {
        var rpc = new RpcServer();
        await using var host = await ColdWorker.HostAsync(rpc, cancellationToken);
        var id = Guid.NewGuid().ToString();
        await using var process = new ColdProcess(ColdWorker.Process(worker, new ColdPlace(store), host, id));
        using var session = await rpc.SessionAsync(id, cancellationToken);
        await session.GreetAsync(worker, cancellationToken);
        using var client = new HttpClient();
        var recommend = new Asked(session, client, "Recommend", $"/api/recommend/{ColdStore.UserId}?n=10");
        var trivial = new Asked(session, client, "HealthLive", "/api/health/live");
        while (!await recommend.IsAnsweredAsync(cancellationToken))
        {
            process.ThrowIfLost();
        }

        await recommend.TakeAsync(WarmUp, cancellationToken);
        await trivial.TakeAsync(WarmUp, cancellationToken);
        var (lists, trivials) = (new List<double[]>(), new List<double[]>());
        for (var round = 0; round < settings.Rounds; round++)
        {
            lists.Add(await recommend.TakeAsync(settings.Requests, cancellationToken));
            trivials.Add(await trivial.TakeAsync(settings.Requests, cancellationToken));
        }

        Report(lists, trivials);
    }

    private void Report(List<double[]> lists, List<double[]> trivials)
    {
        _report.Settings["items"] = settings.Items;
        _report.Settings["rounds"] = settings.Rounds;
        _report.Settings["requests"] = settings.Requests;
        foreach (var (name, rounds) in new[] { ("worker_recommend", lists), ("worker_trivial", trivials) })
        {
            _report.Add(name + "_p50_ms", Ratio.MedianOf(rounds.Select(round => At(round, 0.5))), "ms");
            _report.Add(name + "_p99_ms", Ratio.MedianOf(rounds.Select(round => At(round, 0.99))), "ms");
        }

        _report.Add(
            "worker_recommend_vs_trivial",
            Ratio.Of([.. lists.Select(round => At(round, 0.5))], [.. trivials.Select(round => At(round, 0.5))]),
            "the worker's health/live, p50 of each round");
    }

    private static double At(double[] sorted, double share) => sorted[(int)(sorted.Length * share)];

    /// <summary>A function and how it is asked.</summary>
    private sealed class Asked(WorkerSession session, HttpClient client, string function, string path)
    {
        /// <summary>Milliseconds of each of so many requests, one after the other; sorted.</summary>
        public async Task<double[]> TakeAsync(int count, CancellationToken cancellationToken)
        {
            var times = new double[count];
            for (var i = 0; i < count; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                if (!await IsAnsweredAsync(cancellationToken))
                {
                    throw new InvalidOperationException($"{path} was not answered with 200.");
                }

                times[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }

            Array.Sort(times);
            return times;
        }

        public async Task<bool> IsAnsweredAsync(CancellationToken cancellationToken)
        {
            var invocation = WorkerInvocations.Http(session.Functions[function]);
            var running = session.InvokeAsync(invocation, cancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(session.HttpUri, path));
            request.Headers.Add("x-ms-invocation-id", invocation.InvocationId);
            try
            {
                using var answer = await client.SendAsync(request, cancellationToken);
                await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                await running;
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                // The stream is up before the worker's own web server listens.
                await Task.Delay(1, cancellationToken);
                return false;
            }
        }
    }
}
