using System.Globalization;
using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Ranking;

/// <summary>What was found out about a ranker, and the ranker.</summary>
/// <param name="Network">Learned from all validation cases; null: it learned nothing, or was not tried.</param>
/// <param name="IsAccepted">Whether it may go into a release.</param>
/// <param name="Reason">Why, with the figures; for people and for the manifest.</param>
internal sealed record RankerFinding(RankerNetwork? Network, bool IsAccepted, string Reason)
{
    /// <summary>Name of the model's row with the ranker.</summary>
    public const string Ranked = "model + ranker";

    private const int K = 10, FewestCases = 200; // fewer would be judged by chance

    /// <summary>Figures for the manifest.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Judges by NDCG@10 of the same validation cases with and without: the rise must be beyond noise.</summary>
    public static RankerFinding Judge(RankerNetwork? network, MetricsAtK with, MetricsAtK without, int rounds)
    {
        var gain = with.NdcgAheadOf(without);
        var isAccepted = network is not null && gain.Low > 0 && with.Cases.Count >= FewestCases;
        var verdict = isAccepted ? "the release gets it"
            : with.Cases.Count < FewestCases ? string.Create(CultureInfo.InvariantCulture, $"refused, because fewer than {FewestCases} cases judge by chance")
            : "refused, because that is no rise beyond noise";
        return new RankerFinding(network, isAccepted, string.Create(
            CultureInfo.InvariantCulture,
            $"NDCG@{K} on {with.Cases.Count} validation cases {with.Ndcg:F4} with the ranker, {without.Ndcg:F4} without (difference {gain.Low:F4} to {gain.High:F4}, {rounds} rounds): {verdict}"))
        {
            Metrics = new Dictionary<string, double>
            {
                ["ranker.validation.ndcg@10"] = with.Ndcg,
                ["ranker.validation.ndcg@10.without"] = without.Ndcg,
                ["ranker.validation.gain.low"] = gain.Low,
                ["ranker.validation.gain.high"] = gain.High,
            },
        };
    }
}
