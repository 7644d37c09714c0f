using ServerlessRec.Recommender.Releases;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Evaluation.Baselines;
using ServerlessRec.Training.Publishing;
using ServerlessRec.Training.Ranking;

namespace ServerlessRec.Training.Retraining;

/// <summary>
/// Measures published releases as they are on feedback that came later: histories are those of the store's archive, targets what the
/// later data says. Nothing is trained.
/// </summary>
internal sealed class ReleaseComparison(TrainingStore store, TimeProvider clock)
{
    /// <summary>What stands behind a release's id in the row with its ranker.</summary>
    public const string Ranked = " + ranker";

    /// <summary>One row a release, in the order given, another one with its ranker where it has one, and popularity.</summary>
    /// <param name="releaseIds">Releases of the store; empty: the one that serves and the one before it.</param>
    /// <param name="later">What came later.</param>
    /// <param name="ks">List lengths.</param>
    /// <param name="cancellationToken">Stops between cases.</param>
    /// <exception cref="InvalidDataException">No user of the later data has a history, or there is no release.</exception>
    /// <exception cref="ReleaseNotFoundException">There is no such release.</exception>
    /// <exception cref="ReleaseDamagedException">A release fails a check.</exception>
    public async Task<IReadOnlyList<EvaluationRow>> RunAsync(
        IReadOnlyList<string> releaseIds, Dataset later, IReadOnlyList<int> ks, CancellationToken cancellationToken)
    {
        var ids = releaseIds.Count > 0 ? releaseIds : await NewestAsync(cancellationToken).ConfigureAwait(false);
        var known = (await new ArchivedDataset(store.Blobs, store.Users).ReadAsync(cancellationToken).ConfigureAwait(false)).Dataset;
        var (dataset, targets) = Join(known, later);
        var split = GivenSplit.Create(dataset, known.Interactions, [], targets);
        var cases = split.Test.Where(asked => !asked.History.IsEmpty).ToList();
        if (cases.Count == 0)
        {
            throw new InvalidDataException($"No user of '{later.Name}' has a history in the store: there is nothing to compare the releases on.");
        }

        var evaluator = new Evaluator(dataset, known.Interactions, new EvaluatorOptions { Ks = ks });
        var rows = new List<EvaluationRow>();
        foreach (var id in ids)
        {
            using var release = await new ReleaseLoader(store.Blobs).LoadAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false);
            var retrieval = new ReleaseScorer(id, release, dataset, cases);
            rows.Add(evaluator.Run(retrieval, cases, cancellationToken));
            if (release.Ranker is { } ranker)
            {
                var asked = new AskedCases(dataset, CatalogueItems.Of(release.Items, dataset));
                rows.Add(evaluator.Run(new RankedScorer(id + Ranked, retrieval, ranker, dataset, asked), cases, cancellationToken));
            }
        }

        rows.Add(evaluator.Run(new PopularityScorer(dataset, known.Interactions), cases, cancellationToken));
        return rows;
    }

    private async Task<IReadOnlyList<string>> NewestAsync(CancellationToken cancellationToken)
    {
        var pointer = await new ReleaseStore(store.Blobs, clock).ReadCurrentAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidDataException("There is no release in this store.");
        return [pointer.Current, .. pointer.Previous.Take(1)];
    }

    // Users and items of both; the targets are the later data's positive interactions.
    private static (Dataset Dataset, IReadOnlyList<Interaction> Targets) Join(Dataset known, Dataset later)
    {
        var builder = new DatasetBuilder(known.Name);
        foreach (var user in known.Users)
        {
            builder.AddUser(user);
        }

        foreach (var item in known.Items.Concat(later.Items))
        {
            builder.AddItem(item);
        }

        foreach (var type in known.FeedbackTypes)
        {
            builder.TypeNumber(type);
        }

        foreach (var interaction in later.Interactions.Where(PositiveFeedback.Default.In(later)))
        {
            builder.Add(interaction with
            {
                User = builder.UserNumber(later.Users[interaction.User].UserId),
                Item = builder.ItemNumber(later.Items[interaction.Item].ItemId),
                Type = builder.TypeNumber(later.FeedbackTypes[interaction.Type]),
            });
        }

        return (builder.Build(), builder.ByTime(0));
    }
}
