using System.Numerics.Tensors;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>An item tower and a user tower that were trained together, with the items of their data set.</summary>
internal sealed class TowerPair
{
    private const int InferenceBatch = 1024;

    private readonly ItemFeatures _features;
    private PopularityTimeline? _popularity;

    /// <param name="spec">Inputs.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="catalogue">The data set's items; a row's place is the item's number.</param>
    /// <param name="temperature">Of the training's softmax.</param>
    /// <param name="random">Where the initial weights come from.</param>
    /// <param name="threads">0: all cores.</param>
    public TowerPair(FeatureSpec spec, TowerShape shape, IReadOnlyList<CatalogueRow> catalogue, double temperature, Random random, int threads = 0)
    {
        Spec = spec;
        Shape = shape;
        Catalogue = catalogue;
        _features = ItemFeatures.Encode(spec, catalogue);
        threads = threads == 0 ? Environment.ProcessorCount : threads;
        Items = new ItemTowerNetwork(spec, shape, _features, random, threads);
        Users = shape.UserTower == UserTowerKind.Sequence
            ? new SequenceTowerNetwork(spec, shape, random, threads)
            : new PooledTowerNetwork(spec, shape, random, threads);
        Prior = new PopularityPrior(PopularityTimeline.Features, temperature);
    }

    public FeatureSpec Spec { get; }

    public TowerShape Shape { get; }

    public IReadOnlyList<CatalogueRow> Catalogue { get; }

    public ItemTowerNetwork Items { get; }

    public IUserTowerNetwork Users { get; }

    /// <summary>Must be settled before vectors are inferred.</summary>
    public PopularityPrior Prior { get; }

    public IReadOnlyList<Weight> Weights => [.. Items.Weights, .. Users.Weights, Prior.Exponents];

    /// <summary>The numbers of everything that is learned, tables first; always in one order.</summary>
    public IEnumerable<Memory<float>> Learned =>
        Items.Tables.Select(table => table.Values.AsMemory()).Concat(Weights.Select(weight => weight.Memory));

    /// <summary>What the prior was settled by.</summary>
    public PopularityTimeline Popularity => _popularity ?? throw new InvalidOperationException("The prior is not settled.");

    /// <summary>The prior of every item in an interval; items without an id get the median.</summary>
    public float[] PriorsAt(int interval)
    {
        var priors = PriorsOf(Popularity, interval);
        var median = PopularityPrior.Median([.. priors.Where((_, item) => _features.Ids[item] > 0)]);
        for (var item = 0; item < priors.Length; item++)
        {
            priors[item] = _features.Ids[item] > 0 ? priors[item] : median;
        }

        return priors;
    }

    /// <summary>Settles the prior at the end of the data.</summary>
    public void SettlePrior(PopularityTimeline popularity)
    {
        _popularity = popularity;
        Prior.Settle(PriorsOf(popularity, popularity.Intervals), _features.Ids);
    }

    private float[] PriorsOf(PopularityTimeline popularity, int interval)
    {
        var priors = new float[_features.Count];
        for (var figure = 0; figure < PopularityTimeline.Features; figure++)
        {
            TensorPrimitives.MultiplyAdd(popularity.At(interval, figure), Prior.ExponentOf(figure), priors, priors);
        }

        return priors;
    }

    /// <summary>Vectors of all items, row-major.</summary>
    public float[] InferItems()
    {
        var vectors = new float[_features.Count * Spec.Dimensions];
        for (var start = 0; start < _features.Count; start += InferenceBatch)
        {
            int[] items = [.. Enumerable.Range(start, Math.Min(InferenceBatch, _features.Count - start))];
            var batch = Items.Forward(items, []);
            for (var i = 0; i < items.Length; i++)
            {
                var vector = vectors.AsSpan(items[i] * Spec.Dimensions, Spec.Dimensions);
                TensorPrimitives.Multiply(batch.AsSpan(i * Items.Dimensions, Items.Dimensions), Prior.VectorScale, vector);
                Prior.Rows.AsSpan(_features.Ids[items[i]] * PopularityPrior.Width, PopularityPrior.Width).CopyTo(vector[Items.Dimensions..]);
            }
        }

        return vectors;
    }

    /// <summary>Vectors of users by their histories, row-major.</summary>
    /// <param name="histories">Each oldest first; the newest <see cref="FeatureSpec.HistoryLength"/> entries count.</param>
    /// <param name="itemVectors">What <see cref="InferItems"/> gave.</param>
    public float[] InferUsers(IReadOnlyList<ReadOnlyMemory<Interaction>> histories, float[] itemVectors)
    {
        var own = OwnVectors(itemVectors);
        var vectors = new float[histories.Count * Spec.Dimensions];
        for (var start = 0; start < histories.Count; start += InferenceBatch)
        {
            var batch = InferBatch(histories, start, Math.Min(InferenceBatch, histories.Count - start), own);
            batch.CopyTo(vectors.AsSpan(start * Spec.Dimensions));
        }

        return vectors;
    }

    // Item vectors without the prior's numbers, at unit length.
    private float[] OwnVectors(float[] itemVectors)
    {
        var vectors = new float[_features.Count * Items.Dimensions];
        for (var item = 0; item < _features.Count; item++)
        {
            TensorPrimitives.Divide(
                itemVectors.AsSpan(item * Spec.Dimensions, Items.Dimensions),
                Prior.VectorScale,
                vectors.AsSpan(item * Items.Dimensions, Items.Dimensions));
        }

        return vectors;
    }

    private float[] InferBatch(IReadOnlyList<ReadOnlyMemory<Interaction>> histories, int start, int count, float[] ownVectors)
    {
        var stride = Math.Clamp(histories.Skip(start).Take(count).Max(history => history.Length), 1, Spec.HistoryLength);
        var batch = HistoryBatch.Of(count, stride);
        for (var row = 0; row < count; row++)
        {
            var history = histories[start + row].Span;
            history = history[Math.Max(0, history.Length - Spec.HistoryLength)..];
            batch.Lengths[row] = history.Length;
            for (var entry = 0; entry < history.Length; entry++)
            {
                var at = (row * stride) + entry;
                batch.Places[at] = history[entry].Item;
                batch.Types[at] = history[entry].Type + 1;
                batch.Ages[at] = HistoryEncoder.Age(
                    history[^1].UnixMilliseconds * TimeSpan.TicksPerMillisecond, history[entry].UnixMilliseconds * TimeSpan.TicksPerMillisecond);
            }
        }

        var own = Items.Dimensions;
        var numbers = Users.Forward(ownVectors, batch, isTraining: false);
        var complete = new float[count * Spec.Dimensions];
        for (var row = 0; row < count; row++)
        {
            var vector = complete.AsSpan(row * Spec.Dimensions, Spec.Dimensions);
            TensorPrimitives.Multiply(numbers.AsSpan(row * own, own), PopularityPrior.UserScale, vector);
            vector[own] = PopularityPrior.UserScale;
        }

        return complete;
    }
}
