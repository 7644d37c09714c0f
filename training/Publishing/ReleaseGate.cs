using ServerlessRec.Training.Pipeline;

namespace ServerlessRec.Training.Publishing;

/// <summary>Whether a model may be published: ahead of popularity, and no worse than the current release beyond noise, by NDCG@10 on the newest slice.</summary>
/// <param name="Refusals">Why not; empty: it may.</param>
/// <param name="Reasons">What was found, for the manifest.</param>
internal sealed record ReleaseGate(IReadOnlyList<string> Refusals, IReadOnlyList<string> Reasons)
{
    private const int K = 10;
    private const string Popularity = "popularity";

    /// <summary>Judges the first row of a report by the others.</summary>
    public static ReleaseGate Judge(EvaluationReport report)
    {
        var (refusals, reasons) = (new List<string>(), new List<string>());
        var model = report.Rows[0].AtK(K);
        foreach (var row in report.Rows.Where(row => row.Scorer is Popularity or ReleaseScorer.CurrentRelease))
        {
            var other = row.AtK(K);
            var ahead = model.NdcgAheadOf(other);
            var isRefused = row.Scorer == Popularity ? model.Ndcg <= other.Ndcg : ahead.High < 0;
            var finding = FormattableString.Invariant(
                $"NDCG@{K} {model.Ndcg:F4} against {other.Ndcg:F4} of {row.Scorer} (difference {ahead.Low:F4} to {ahead.High:F4})");
            (isRefused ? refusals : reasons).Add(finding);
        }

        return new ReleaseGate(refusals, reasons);
    }
}
