using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Pipeline;

/// <summary>An evaluation as a JSON file: every scorer's figures at every k, with confidence intervals and segments.</summary>
internal static class EvaluationJson
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes the file whole or not at all.</summary>
    public static async Task WriteAsync(
        string file, EvaluationReport report, TrainingOptions options, DateTimeOffset when, CancellationToken cancellationToken)
    {
        var json = new JsonObject
        {
            ["verb"] = "evaluate",
            ["when"] = when.ToString("O"),
            ["dataset"] = report.Dataset,
            ["protocol"] = report.Protocol,
            ["epochs"] = report.BestEpoch,
            ["validationNdcg@10"] = report.ValidationNdcg,
            ["settings"] = JsonSerializer.SerializeToNode(options, Indented),
            ["rows"] = new JsonArray([.. report.Rows.Select(Row)]),
        };
        if (report.Ranker is { } ranker)
        {
            json["ranker"] = new JsonObject
            {
                ["accepted"] = ranker.IsAccepted,
                ["reason"] = ranker.Reason,
                ["validation"] = new JsonObject(ranker.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
            };
        }

        if (report.NewItems is { } newItems)
        {
            json["newItems"] = new JsonObject { ["items"] = newItems.Items, ["rows"] = new JsonArray([.. newItems.Rows.Select(Row)]) };
        }

        if (report.Served is { } served)
        {
            json["served"] = new JsonObject
            {
                ["inferenceMicroseconds"] = served.InferenceMicroseconds,
                ["entries"] = served.Entries,
                ["recall@10"] = new JsonObject(served.Recall.Select(at => KeyValuePair.Create(FormattableString.Invariant($"efSearch {at.EfSearch}"), (JsonNode?)at.Recall))),
            };
        }

        var unfinished = file + ".unfinished";
        await File.WriteAllTextAsync(unfinished, json.ToJsonString(Indented) + "\n", cancellationToken).ConfigureAwait(false);
        File.Move(unfinished, file, overwrite: true);
    }

    private static JsonObject Row(EvaluationRow row) => new()
    {
        ["scorer"] = row.Scorer,
        ["cases"] = row.Cases,
        ["skippedCases"] = row.SkippedCases,
        ["at"] = new JsonArray([.. row.At.Select(Figures)]),
        ["segments"] = new JsonArray([.. row.Segments.Select(segment => new JsonObject
        {
            ["name"] = segment.Name,
            ["cases"] = segment.Cases,
            ["at"] = new JsonArray([.. segment.At.Select(Figures)]),
        })]),
    };

    private static JsonObject Figures(MetricsAtK at)
    {
        var interval = at.NdcgInterval();
        return new JsonObject
        {
            ["k"] = at.K,
            ["recall"] = at.Recall,
            ["ndcg"] = at.Ndcg,
            ["ndcgLow"] = interval.Low,
            ["ndcgHigh"] = interval.High,
            ["hr"] = at.HitRate,
            ["mrr"] = at.Mrr,
            ["coverage"] = at.Coverage,
            ["novelty"] = at.Novelty,
            ["popularityBias"] = at.PopularityBias,
        };
    }
}
