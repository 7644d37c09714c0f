using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>Infers the vectors that a batch of changes needs; an item that the tower cannot read spoils only itself.</summary>
internal sealed class VectorInference(ItemTower tower, ContentTransfer transfer, int dimensions)
{
    /// <summary>Fills the outcomes' vectors and returns the ids that failed.</summary>
    public List<string> Run(List<ChangeOutcome> outcomes, CancellationToken cancellationToken)
    {
        var waiting = outcomes.Where(o => o.NeedsVector).ToList();
        var failed = new List<string>();
        if (waiting.Count == 0 || TryInfer(waiting, cancellationToken))
        {
            return failed;
        }

        foreach (var outcome in waiting)
        {
            outcome.Failed = !TryInfer([outcome], cancellationToken);
            if (outcome.Failed)
            {
                failed.Add(outcome.Row.Item.ItemId);
            }
        }

        return failed;
    }

    private bool TryInfer(List<ChangeOutcome> outcomes, CancellationToken cancellationToken)
    {
        var vectors = new float[outcomes.Count * dimensions];
        try
        {
            CatalogueRow[] rows = [.. outcomes.Select(o => o.Row)];
            tower.Infer(rows, vectors, cancellationToken);
            transfer.Run(rows, vectors, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return false;
        }

        for (var i = 0; i < outcomes.Count; i++)
        {
            outcomes[i].Vector = vectors.AsMemory(i * dimensions, dimensions);
        }

        return true;
    }
}
