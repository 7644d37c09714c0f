namespace ServerlessRec.Training.Evaluation;

/// <summary>A part of the cases, or of their targets, with figures of its own.</summary>
/// <param name="Name">For tables, such as "long-tail items".</param>
/// <param name="Cases">Cases with a target in the segment.</param>
/// <param name="At">Figures for each k.</param>
public sealed record SegmentRow(string Name, int Cases, IReadOnlyList<MetricsAtK> At);

/// <summary>The segments every row is broken down by: users by length of history, targets by popularity.</summary>
internal sealed class Segments
{
    private const double ShareOfHead = 0.8;
    private readonly Popularity[] _items;

    public Segments(ItemPopularity popularity, int itemCount)
    {
        _items = new Popularity[itemCount];
        var order = Enumerable.Range(0, itemCount).OrderByDescending(popularity.KnownTo).ToArray();
        var total = order.Sum(item => (long)popularity.KnownTo(item));
        long cumulated = 0;
        foreach (var item in order)
        {
            var isHead = cumulated < total * ShareOfHead;
            cumulated += popularity.KnownTo(item);
            _items[item] = popularity.KnownTo(item) == 0 ? Popularity.New : isHead ? Popularity.Head : Popularity.Tail;
        }
    }

    private enum Popularity
    {
        New,
        Tail,
        Head,
    }

    /// <summary>The segments, each as the lists reduced to it: null where a case does not belong.</summary>
    public IEnumerable<(string Name, RankedCase?[] Lists)> Of(IReadOnlyList<RankedCase?> lists, IReadOnlyList<EvaluationCase> cases)
    {
        var lengths = cases.Select(evaluationCase => evaluationCase.History.Length).ToArray();
        yield return ("users with 0–4 in their history", Where(lists, at => lengths[at] < 5));
        yield return ("users with 5–19", Where(lists, at => lengths[at] is >= 5 and < 20));
        yield return ("users with 20 or more", Where(lists, at => lengths[at] >= 20));
        yield return ("popular items (80 % of interactions)", Targets(lists, Popularity.Head));
        yield return ("long-tail items", Targets(lists, Popularity.Tail));
        yield return ("items nobody knew", Targets(lists, Popularity.New));
    }

    private static RankedCase?[] Where(IReadOnlyList<RankedCase?> lists, Func<int, bool> belongs) =>
        [.. lists.Select((list, at) => belongs(at) ? list : null)];

    private RankedCase?[] Targets(IReadOnlyList<RankedCase?> lists, Popularity popularity) =>
        [.. lists.Select(list => list?.WithTargets(item => _items[item] == popularity))];
}
