using System.Globalization;
using System.Text.Json;
using ServerlessRec.Benchmarks.Reporting;
using ServerlessRec.Benchmarks.Stream;
using ServerlessRec.Embedded;
using ServerlessRec.Training.Importers;

namespace ServerlessRec.Benchmarks.Retrain;

/// <summary>Runs the retrain verb.</summary>
internal sealed class RetrainBench(RetrainSettings settings)
{
    private readonly BenchmarkReport _report = new("retrain", TimeProvider.System.GetUtcNow());

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        _report.Settings["users"] = settings.Users;
        _report.Settings["days"] = settings.Days;
        _report.Settings["worlds"] = settings.Worlds;
        var gains = new List<double>();
        for (var seed = 1; seed <= settings.Worlds; seed++)
        {
            var folder = Directory.CreateTempSubdirectory("serverlessrec-retrain-").FullName;
            try
            {
                gains.Add(await MeasureAsync(folder, seed, cancellationToken));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        _report.Add("retrain_ndcg10_gain", gains.Average(), "NDCG@10", "the release of the day before");
        _report.Print();
        if (settings.Json is not null)
        {
            _report.WriteJson(settings.Json);
        }

        return 0;
    }

    private async Task<double> MeasureAsync(string folder, int seed, CancellationToken cancellationToken)
    {
        string In(string name) => Path.Combine(folder, name);
        string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        Task DataAsync(string name, int days, int skip) => TrainedStore.TrainingAsync(
            [
                "demo-data", "--out", In(name), "--users", Text(settings.Users), "--items", Text(settings.Items),
                "--days", Text(days), "--skip-days", Text(skip), "--seed", Text(seed),
            ],
            cancellationToken);

        var (store, figures) = (In("store"), In("figures.json"));
        await DataAsync("before", settings.Days, 0);
        await DataAsync("day", settings.Days + 1, settings.Days);
        await DataAsync("next", settings.Days + 2, settings.Days + 1);
        await TrainedStore.TrainingAsync(["train", "--data", In("before"), "--store", store, "--epochs", Text(settings.Epochs)], cancellationToken);
        using (var embedded = EmbeddedStore.Open(store, TimeProvider.System))
        {
            await LivedDay.RunAsync(embedded, await DatasetImporter.ImportAsync(In("day"), cancellationToken: cancellationToken), cancellationToken);
        }

        // Forced, because what the gate holds of it on its own slice is not the question here.
        await TrainedStore.TrainingAsync(["train", "--store", store, "--epochs", Text(settings.Epochs), "--force"], cancellationToken);
        await TrainedStore.TrainingAsync(["evaluate", "--store", store, "--data", In("next"), "--json", figures], cancellationToken);
        return Read(await File.ReadAllTextAsync(figures, cancellationToken), seed);
    }

    // The first row is the release that serves, the second the one before it.
    private double Read(string json, int seed)
    {
        using var document = JsonDocument.Parse(json);
        double[] ndcgs = [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("at")[0].GetProperty("ndcg").GetDouble())];
        _report.Add($"world {seed}: new release", ndcgs[0], "NDCG@10");
        _report.Add($"world {seed}: old release", ndcgs[1], "NDCG@10");
        _report.Add($"world {seed}: popularity", ndcgs[2], "NDCG@10");
        return ndcgs[0] - ndcgs[1];
    }
}
