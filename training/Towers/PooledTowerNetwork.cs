using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// The pooled user tower: H weighted means of the history's item vectors, then vector = normalise(means · R + MLP(means)).
/// The weights of a mean are a softmax over the entries of: a learned logit for the feedback type + a slope and a small network over age and
/// place + the entry's item vector · a learned query. R starts as the mean of the means, the networks at zero effect.
/// </summary>
/// <remarks>Age is ln(1 + hours before the newest entry), place ln(1 + how many entries are newer); B users, L entries, D dimensions.</remarks>
internal sealed class PooledTowerNetwork : IUserTowerNetwork
{
    /// <summary>Logits of padding lie this far below the others.</summary>
    public const float Never = 1e9f;

    /// <summary>Hidden units of the network over age and place.</summary>
    public const int AgeUnits = 8;

    private readonly PooledMeans _pooling;
    private readonly ResidualRows _rows;

    /// <param name="spec">Inputs.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="random">Where the initial weights come from.</param>
    /// <param name="threads">How many.</param>
    public PooledTowerNetwork(FeatureSpec spec, TowerShape shape, Random random, int threads)
    {
        Means = shape.Means;
        var dimensions = spec.Dimensions - PopularityPrior.Width;
        Types = Weight.Zeros("user.types", spec.FeedbackTypes.Count + 1, Means);
        Queries = Weight.Zeros("user.queries", dimensions, Means);
        Slopes = InitialSlopes(Means);
        Age = new ResidualMlp("user.age", 2, AgeUnits, Means, random);
        Residual = Weight.MeanOfBlocks("user.residual", Means, dimensions);
        Mlp = new ResidualMlp("user", Means * dimensions, shape.HiddenUnits, dimensions, random);
        _pooling = new PooledMeans(this, threads);
        _rows = new ResidualRows(Mlp, Residual, threads);
    }

    public int Means { get; }

    public Weight Types { get; }

    public Weight Queries { get; }

    public Weight Slopes { get; }

    public ResidualMlp Age { get; }

    public Weight Residual { get; }

    public ResidualMlp Mlp { get; }

    public IReadOnlyList<Weight> Weights => [Types, Queries, Slopes, .. Age.Weights, Residual, .. Mlp.Weights];

    public float[] Forward(float[] vectors, HistoryBatch batch, bool isTraining) => _rows.Forward(_pooling.Forward(vectors, batch));

    /// <summary>Nothing is drawn.</summary>
    public void SkipForward()
    {
    }

    public float[] Backward(float[] gradient) => _pooling.Backward(_rows.Backward(gradient));

    // Means that start alike would stay alike: the first sees all entries equally, each further one looks more at the newest.
    private static Weight InitialSlopes(int means)
    {
        var slopes = Weight.Zeros("user.slopes", 2, means);
        for (var mean = 0; mean < means; mean++)
        {
            slopes.Numbers[means + mean] = -(float)mean / Math.Max(1, means - 1);
        }

        return slopes;
    }
}
