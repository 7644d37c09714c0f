using System.Numerics.Tensors;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>
/// Lets an item that training never saw begin like the known items it resembles (docs/decisions/new-items-begin-like-similar-ones.md): a kernel
/// regression from what items say to what their ids learned (Gantner et al., "Learning Attribute-to-Feature Mappings for Cold-Start
/// Recommendations", 2010, section 4.1), and the popularity prior of the upper quartile of its neighbours.
/// </summary>
/// <remarks>Not thread-safe; the known items are read through once, by the first new item.</remarks>
internal sealed class ContentTransfer(HnswIndex index, ItemTable table, ItemTower tower)
{
    private const int Neighbours = 16;
    private const int UpperQuartile = Neighbours / 4;

    /// <summary>How fast a neighbour counts less than the nearest one, the less alike it is.</summary>
    private const float Sharpness = .01f;

    /// <summary>How fast all that neighbours learned counts less, the less alike the nearest one is.</summary>
    private const float Reach = .02f;

    /// <summary>Weight of "nothing beyond the content": what a twin learned counts 1 / (1 + this).</summary>
    private const float Shrinkage = .1f;

    private KnownItems? _known;

    /// <summary>Reads the known items through, so that the first new item does not wait for it.</summary>
    public void Prepare(CancellationToken cancellationToken) => _known ??= KnownItems.Read(table, tower, index.Dimensions, cancellationToken);

    /// <summary>Moves the vectors of new items; those of items with an id, or without any content, stay.</summary>
    /// <param name="rows">Items whose vectors were inferred.</param>
    /// <param name="vectors">[rows × D], unit length before and after.</param>
    /// <param name="cancellationToken">Stops between items.</param>
    public void Run(IReadOnlyList<CatalogueRow> rows, Span<float> vectors, CancellationToken cancellationToken)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].IdIndex == 0 && HasContent(rows[i].Item))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Prepare(cancellationToken);
                Move(vectors.Slice(i * index.Dimensions, index.Dimensions));
            }
        }
    }

    private static bool HasContent(Item item) => item.Categories.Count > 0 || item.Comment.Length > 0 || item.LabelsJson is not null;

    private void Move(Span<float> vector)
    {
        Span<(int Known, float Similarity)> nearest = stackalloc (int, float)[Neighbours];
        nearest = nearest[.._known!.Nearest(vector, nearest)];
        if (nearest.IsEmpty || !(TensorPrimitives.Norm<float>(vector) > 0))
        {
            return;
        }

        // Content and learning share the length that content has alone, so that the prior keeps its weight.
        var prior = PriorOf(nearest, vector);
        SetPrior(vector, stackalloc float[prior.Length]);
        var length = TensorPrimitives.Norm<float>(vector);
        AddLearned(vector, nearest);
        SetPrior(vector, stackalloc float[prior.Length]);
        TensorPrimitives.Multiply(vector, length / Math.Max(1e-12f, TensorPrimitives.Norm<float>(vector)), vector);
        SetPrior(vector, prior);
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
    }

    private void AddLearned(Span<float> vector, ReadOnlySpan<(int Known, float Similarity)> nearest)
    {
        Span<float> shares = stackalloc float[nearest.Length];
        Share(nearest, shares);
        var full = new float[vector.Length];
        for (var i = 0; i < nearest.Length; i++)
        {
            index.CopyVector(_known!.Row(nearest[i].Known), full);
            TensorPrimitives.Subtract(full, _known.Content(nearest[i].Known), full);
            TensorPrimitives.MultiplyAdd(full, shares[i], vector, vector);
        }
    }

    // The median one, which an item without an id has, unless those it resembles do better: a twin of a more popular item takes that one's over.
    private float[] PriorOf(ReadOnlySpan<(int Known, float Similarity)> nearest, ReadOnlySpan<float> content)
    {
        var typical = Typical(nearest);
        var prior = content.ToArray();
        if (_known!.IsPopular(typical))
        {
            index.CopyVector(_known.Row(typical), prior);
        }

        if (nearest[0].Known < typical)
        {
            Span<float> shares = stackalloc float[nearest.Length];
            Share(nearest, shares);
            var full = new float[prior.Length];
            TensorPrimitives.Multiply(prior, 1 - TensorPrimitives.Sum<float>(shares), prior);
            for (var i = 0; i < nearest.Length; i++)
            {
                index.CopyVector(_known.Row(nearest[i].Known), full);
                TensorPrimitives.MultiplyAdd(full, shares[i], prior, prior);
            }
        }

        return Array.ConvertAll(_known.PriorPlaces, place => prior[place]);
    }

    // What each neighbour counts; together less than 1, and the less, the less alike the nearest one is.
    private static void Share(ReadOnlySpan<(int Known, float Similarity)> nearest, Span<float> shares)
    {
        var strength = MathF.Exp((nearest[0].Similarity - 1) / Reach);
        for (var i = 0; i < nearest.Length; i++)
        {
            shares[i] = MathF.Exp((nearest[i].Similarity - nearest[0].Similarity) / Sharpness);
        }

        TensorPrimitives.Multiply(shares, strength / (strength + Shrinkage) / TensorPrimitives.Sum<float>(shares), shares);
    }

    // The upper quartile by popularity; known items are numbered in its order.
    private static int Typical(ReadOnlySpan<(int Known, float Similarity)> nearest)
    {
        Span<int> byPopularity = stackalloc int[nearest.Length];
        for (var i = 0; i < nearest.Length; i++)
        {
            byPopularity[i] = nearest[i].Known;
        }

        byPopularity.Sort();
        return byPopularity[Math.Min(UpperQuartile, nearest.Length) - 1];
    }

    private void SetPrior(Span<float> vector, ReadOnlySpan<float> prior)
    {
        for (var i = 0; i < prior.Length; i++)
        {
            vector[_known!.PriorPlaces[i]] = prior[i];
        }
    }
}
