using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Releases;
using static ServerlessRec.Recommender.Tests.Doubles.OnnxWriter;

namespace ServerlessRec.Recommender.Tests.Doubles;

/// <summary>A ranker whose answers a test can compute: it turns the candidates round.</summary>
internal static class TestRanker
{
    public static RankerSpec Spec { get; } = new() { Candidates = 20, ScoreScale = 4 };

    public static byte[] Reversing { get; } = Model(
        [Node("Neg", ["score_steps"], "scores")], [], [Value("score_steps", Float, "B", "one")], Value("scores", Float, "B", "one"));

    public static ReleaseDraft WithRanker(this ReleaseDraft draft) => draft with { RankerSpec = Spec, Ranker = Reversing };
}
