using System.IO.Hashing;
using System.Runtime.InteropServices;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Onnx;

namespace ServerlessRec.Training.Ranking;

/// <summary>
/// Learns a ranker from the validation cases of towers that have not seen them, and judges it on them by cross-fitting: the users fall into parts by a hash,
/// and each part is ranked by what the other parts taught.
/// </summary>
/// <remarks>Towers are over-confident about what they learned from, so nothing before the validation can teach what their scores are worth.</remarks>
internal sealed class RankerChoice(TrainingOptions options)
{
    private const int K = 10, Parts = 2, FewestLearned = 20, MostLearned = 2000, HeldOutOf = 5;

    /// <summary>Learns and judges.</summary>
    /// <param name="towers">Fitted on what came before the cases.</param>
    /// <param name="dataset">Users and items.</param>
    /// <param name="learned">What the towers learned from.</param>
    /// <param name="validation">The cases.</param>
    /// <param name="cancellationToken">Stops between cases and batches.</param>
    public RankerFinding Make(
        TowerPair towers, Dataset dataset, IReadOnlyList<Interaction> learned, IReadOnlyList<EvaluationCase> validation, CancellationToken cancellationToken)
    {
        var cases = new AskedCases(dataset, new CatalogueItems(towers.Catalogue));
        var pools = Retrieve(new TowerScorer("retrieval", towers, validation), dataset, validation, cancellationToken);
        var random = new Random(options.Seed);
        var lessons = Enumerable.Range(0, validation.Count)
            .Select(place => (Part: PartOf(dataset.Users[validation[place].User].UserId), Case: LearnedCase.Of(cases, validation[place], pools[place], random)))
            .Where(lesson => lesson.Case is not null)
            .ToList();
        if (lessons.Count < FewestLearned)
        {
            return new RankerFinding(null, false, FormattableString.Invariant(
                $"not learned: the user chose one of the candidates in {lessons.Count} validation cases only, {FewestLearned} are needed"));
        }

        var fitted = new (RankerNetwork Network, int Epoch)[Parts];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken };
        Parallel.For(0, Parts, parallel, part =>
        {
            LearnedCase[] others = [.. lessons.Where(lesson => lesson.Part != part).Take(MostLearned).Select(lesson => lesson.Case!)];
            fitted[part] = new RankerTrainer(options.Seed).Fit(
                [.. others.Where((_, place) => place % HeldOutOf != 0)], [.. others.Where((_, place) => place % HeldOutOf == 0)], cancellationToken);
        });
        var epochs = (int)Math.Round(fitted.Average(one => one.Epoch));
        var network = epochs == 0
            ? null
            : new RankerTrainer(options.Seed).Fit([.. lessons.Take(MostLearned).Select(lesson => lesson.Case!)], epochs, cancellationToken);
        var rankers = fitted.Select(one => new Ranker(new RankerSpec { ScoreScale = 1 }, RankerGraph.Write(one.Network))).ToList();
        try
        {
            var popularity = new ItemPopularity(dataset.Items.Count, learned);
            var with = Lists(validation, pools, (asked, pool) => cases.Order(rankers[PartOf(dataset.Users[asked.User].UserId)], asked, pool));
            var without = Lists(validation, pools, (_, _) => { });
            return RankerFinding.Judge(
                network,
                ListMetrics.Measure(K, with, popularity, dataset.Items.Count),
                ListMetrics.Measure(K, without, popularity, dataset.Items.Count),
                epochs);
        }
        finally
        {
            rankers.ForEach(ranker => ranker.Dispose());
        }
    }

    private int Threads => options.Threads == 0 ? Environment.ProcessorCount : options.Threads;

    private static int PartOf(string userId) => (int)(XxHash64.HashToUInt64(MemoryMarshal.AsBytes(userId.AsSpan())) % Parts);

    private Neighbor[][] Retrieve(IScorer scorer, Dataset dataset, IReadOnlyList<EvaluationCase> asked, CancellationToken cancellationToken)
    {
        var candidates = new RankerSpec { ScoreScale = 1 }.Candidates;
        var pools = new Neighbor[asked.Count][];
        Parallel.For(
            0,
            asked.Count,
            new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken },
            () => new CandidatePool(dataset, candidates),
            (place, _, pool) =>
            {
                pools[place] = pool.Find(scorer, asked[place]);
                return pool;
            },
            _ => { });
        return pools;
    }

    // Null for a case whose targets were all seen before: it asks nothing.
    private static RankedCase?[] Lists(IReadOnlyList<EvaluationCase> asked, Neighbor[][] pools, Action<EvaluationCase, Neighbor[]> order) =>
        [.. asked.Select((one, place) =>
        {
            var targets = one.Targets.ToHashSet();
            foreach (var interaction in one.History.Span)
            {
                targets.Remove(interaction.Item);
            }

            if (targets.Count == 0)
            {
                return null;
            }

            Neighbor[] pool = [.. pools[place]];
            order(one, pool);
            return RankedCase.Of([.. pool.Take(K).Select(candidate => candidate.Ordinal)], targets);
        })];
}
