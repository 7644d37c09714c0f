using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Ranking;

/// <summary>
/// The weights of a DeepFM (Guo et al. 2017): logit = first-order terms + factorisation machine over the fields' embeddings + a two-layer network over the
/// same embeddings. Fields, in the order of their embeddings: those of one value, the weighted mean of the categories, the retrieval score times its number.
/// </summary>
/// <remarks>
/// Unlike the paper's, the factorisation machine has a weight of its own, which begins at 0 like the network's last layer, and the retrieval score's
/// first-order weight begins at 1 logit a logit: an untrained ranker keeps the retrieval's order exactly, and every step goes on from there.
/// </remarks>
internal sealed class RankerNetwork
{
    /// <summary>K: length of an embedding.</summary>
    public const int Width = 8;

    /// <summary>F: embeddings of a candidate.</summary>
    public const int Fields = RankerFields.Count + 2;

    /// <summary>Hidden units of the network.</summary>
    public const int HiddenUnits = 32;

    /// <summary>What the retrieval score counts before anything is learned; the learned weight adds to it, so that weight decay draws towards the retrieval.</summary>
    public const float ScoreWeight = 1 / RankerFields.ScoreStep;

    private const float Deviation = 0.1f;

    public RankerNetwork(Random random)
    {
        Embeddings = new EmbeddingTable("embeddings", RankerFields.Rows, Width, Deviation, random);
        FirstOrder = new EmbeddingTable("first_order", RankerFields.Rows, 1, 0, random);
        First = Weight.Glorot("first", random, Fields * Width, HiddenUnits);
    }

    public EmbeddingTable Embeddings { get; }

    public EmbeddingTable FirstOrder { get; }

    /// <summary>[1]: what the factorisation machine counts.</summary>
    public Weight PairsWeight { get; } = Weight.Zeros("pairs_weight", 1);

    /// <summary>[F × K, H].</summary>
    public Weight First { get; }

    /// <summary>[H].</summary>
    public Weight FirstBias { get; } = Weight.Zeros("first_bias", HiddenUnits);

    /// <summary>[H, 1].</summary>
    public Weight Second { get; } = Weight.Zeros("second", HiddenUnits, 1);

    public IReadOnlyList<Weight> Weights => [PairsWeight, First, FirstBias, Second];

    public IReadOnlyList<EmbeddingTable> Tables => [Embeddings, FirstOrder];

    /// <summary>Takes the numbers of another one on.</summary>
    public void CopyFrom(RankerNetwork other)
    {
        foreach (var (own, taken) in Tables.Zip(other.Tables))
        {
            taken.Values.CopyTo(own.Values, 0);
        }

        foreach (var (own, taken) in Weights.Zip(other.Weights))
        {
            taken.Numbers.CopyTo(own.Numbers);
        }
    }
}
