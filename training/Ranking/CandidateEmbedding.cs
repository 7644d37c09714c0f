using System.Numerics.Tensors;
using ServerlessRec.Recommender.Ranking;

namespace ServerlessRec.Training.Ranking;

/// <summary>From a candidate's fields to its embeddings and first-order terms, and the gradients back to the tables.</summary>
internal sealed class CandidateEmbedding(RankerNetwork network)
{
    private const int K = RankerNetwork.Width, Categories = RankerFields.Count, Score = RankerFields.Count + 1;

    /// <summary>Writes the candidate's F embeddings and returns the sum of the first-order terms.</summary>
    public float Forward(RankerInputs inputs, int candidate, Span<float> x)
    {
        var fields = FieldsOf(inputs, candidate);
        var sum = 0f;
        for (var field = 0; field < fields.Length; field++)
        {
            network.Embeddings.Values.AsSpan((int)fields[field] * K, K).CopyTo(x[(field * K)..]);
            sum += network.FirstOrder.Values[fields[field]];
        }

        var categories = x.Slice(Categories * K, K);
        categories.Clear();
        var rows = RowsOf(inputs, candidate);
        var weights = WeightsOf(inputs, candidate);
        for (var i = 0; i < rows.Length && weights[i] > 0; i++)
        {
            network.Embeddings.AddTo(categories, (int)rows[i], weights[i]);
            sum += weights[i] * network.FirstOrder.Values[rows[i]];
        }

        var step = inputs.ScoreSteps.Span[candidate];
        TensorPrimitives.Multiply(network.Embeddings.Values.AsSpan(RankerFields.ScoreRow * K, K), step, x[(Score * K)..]);
        return sum + (step * (RankerNetwork.ScoreWeight + network.FirstOrder.Values[RankerFields.ScoreRow]));
    }

    /// <summary>Adds to the gradients of the tables.</summary>
    /// <param name="inputs">Those of the forward pass.</param>
    /// <param name="candidate">Its place.</param>
    /// <param name="gradient">The loss by the candidate's logit.</param>
    /// <param name="byX">The loss by its embeddings.</param>
    public void Backward(RankerInputs inputs, int candidate, float gradient, ReadOnlySpan<float> byX)
    {
        ReadOnlySpan<float> byFirstOrder = [gradient];
        var fields = FieldsOf(inputs, candidate);
        for (var field = 0; field < fields.Length; field++)
        {
            Add((int)fields[field], byX.Slice(field * K, K), byFirstOrder, 1);
        }

        var rows = RowsOf(inputs, candidate);
        var weights = WeightsOf(inputs, candidate);
        for (var i = 0; i < rows.Length && weights[i] > 0; i++)
        {
            Add((int)rows[i], byX.Slice(Categories * K, K), byFirstOrder, weights[i]);
        }

        Add(RankerFields.ScoreRow, byX.Slice(Score * K, K), byFirstOrder, inputs.ScoreSteps.Span[candidate]);
    }

    private void Add(int row, ReadOnlySpan<float> byEmbedding, ReadOnlySpan<float> byFirstOrder, float weight)
    {
        network.Embeddings.AddGradient(row, byEmbedding, weight);
        network.FirstOrder.AddGradient(row, byFirstOrder, weight);
    }

    private static ReadOnlySpan<long> FieldsOf(RankerInputs inputs, int candidate) =>
        inputs.FieldRows.Span.Slice(candidate * RankerFields.Count, RankerFields.Count);

    private static ReadOnlySpan<long> RowsOf(RankerInputs inputs, int candidate) =>
        inputs.CategoryRows.Span.Slice(candidate * RankerFields.MaxCategories, RankerFields.MaxCategories);

    private static ReadOnlySpan<float> WeightsOf(RankerInputs inputs, int candidate) =>
        inputs.CategoryWeights.Span.Slice(candidate * RankerFields.MaxCategories, RankerFields.MaxCategories);
}
