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
/// Learns a ranker from the validation cases of towers that have not seen them, and judges it on those cases by going forward in time: they fall into blocks
/// by the moment of the request, and each block but the first is ranked by what was chosen before it began. A user is in one block.
/// </summary>
/// <remarks>
/// Towers are over-confident about what they learned from, so nothing before the validation can teach what their scores are worth. Blocks by a hash of the user
/// would flatter: others of the same days tell what is in fashion in them, and a release serves later days.
/// </remarks>
internal sealed class RankerChoice(TrainingOptions options)
{
    private const int K = 10, Blocks = 3, FewestLearned = 20, MostLearned = 2000, HeldOutOf = 5;

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
        var (random, times) = (new Random(options.Seed), new ChoiceTimes(dataset, validation));
        var lessons = Enumerable.Range(0, validation.Count).Select(place => LearnedCase.Of(cases, validation[place], pools[place], times, random)).ToArray();
        var useful = lessons.Count(lesson => lesson is not null);
        if (useful < FewestLearned)
        {
            return new RankerFinding(null, false, FormattableString.Invariant(
                $"not learned: the user chose one of the candidates in {useful} validation cases only, {FewestLearned} are needed"));
        }

        var blocks = BlocksOf(validation, dataset);
        var fitted = new (RankerNetwork Network, int Round)[Blocks];
        Parallel.For(1, Blocks, new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellationToken }, block =>
        {
            var start = StartOf(block, blocks, validation);
            var earlier = Drawn(lessons.Where((_, place) => blocks[place] < block).Select(lesson => lesson?.Before(start)).OfType<LearnedCase>());
            fitted[block] = new RankerTrainer(options.Seed).Fit(
                [.. earlier.Where((_, place) => place % HeldOutOf != 0)], [.. earlier.Where((_, place) => place % HeldOutOf == 0)], cancellationToken);
        });
        var rounds = (int)Math.Round(fitted.Skip(1).Average(one => one.Round));
        var network = rounds == 0 ? null : new RankerTrainer(options.Seed).Fit(Drawn(lessons.OfType<LearnedCase>()), rounds, cancellationToken);
        int[] judged = [.. Enumerable.Range(0, validation.Count).Where(place => blocks[place] > 0)];
        var rankers = fitted.Select(one => one.Network is null ? null : new Ranker(new RankerSpec { ScoreScale = 1 }, RankerGraph.Write(one.Network))).ToList();
        try
        {
            var popularity = new ItemPopularity(dataset.Items.Count, learned);
            var with = judged.Select(place => List(validation[place], pools[place], pool => cases.Order(rankers[blocks[place]]!, validation[place], pool)));
            var without = judged.Select(place => List(validation[place], pools[place], _ => { }));
            return RankerFinding.Judge(
                network,
                ListMetrics.Measure(K, [.. with], popularity, dataset.Items.Count),
                ListMetrics.Measure(K, [.. without], popularity, dataset.Items.Count),
                rounds);
        }
        finally
        {
            rankers.ForEach(ranker => ranker?.Dispose());
        }
    }

    private int Threads => options.Threads == 0 ? Environment.ProcessorCount : options.Threads;

    // By the moment of the request; cases of one moment by a hash of the user.
    private static int[] BlocksOf(IReadOnlyList<EvaluationCase> asked, Dataset dataset)
    {
        var blocks = new int[asked.Count];
        var ordered = Enumerable.Range(0, asked.Count)
            .OrderBy(place => asked[place].RequestedAt)
            .ThenBy(place => XxHash64.HashToUInt64(MemoryMarshal.AsBytes(dataset.Users[asked[place].User].UserId.AsSpan())))
            .ToList();
        for (var at = 0; at < ordered.Count; at++)
        {
            blocks[ordered[at]] = (int)((long)at * Blocks / ordered.Count);
        }

        return blocks;
    }

    // Where all requests are of one moment there is no before.
    private static long StartOf(int block, int[] blocks, IReadOnlyList<EvaluationCase> asked)
    {
        var start = asked.Where((_, place) => blocks[place] == block).Min(one => one.RequestedAt);
        return start > asked.Min(one => one.RequestedAt) ? start : long.MaxValue;
    }

    private LearnedCase[] Drawn(IEnumerable<LearnedCase> lessons)
    {
        var drawn = lessons.ToArray();
        new Random(options.Seed).Shuffle(drawn);
        return drawn[..Math.Min(drawn.Length, MostLearned)];
    }

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
    private static RankedCase? List(EvaluationCase asked, Neighbor[] found, Action<Neighbor[]> order)
    {
        var targets = asked.Targets.ToHashSet();
        foreach (var interaction in asked.History.Span)
        {
            targets.Remove(interaction.Item);
        }

        if (targets.Count == 0)
        {
            return null;
        }

        Neighbor[] pool = [.. found];
        order(pool);
        return RankedCase.Of([.. pool.Take(K).Select(candidate => candidate.Ordinal)], targets);
    }
}
