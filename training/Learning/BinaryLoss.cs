using System.Numerics.Tensors;

namespace ServerlessRec.Training.Learning;

/// <summary>Binary cross-entropy of each pair's target and one negative; a logit is cosine / temperature.</summary>
internal sealed class BinaryLoss(double temperature)
{
    /// <summary>Loss and gradients.</summary>
    /// <param name="users">User vectors [B, D].</param>
    /// <param name="columns">Item vectors of the columns [C, D].</param>
    /// <param name="batch">Labels and negatives.</param>
    public LossGradients Of(float[] users, float[] columns, TrainingBatch batch)
    {
        var dimensions = users.Length / batch.Count;
        var (byUsers, byColumns) = (new float[users.Length], new float[columns.Length]);
        var loss = 0.0;
        for (var row = 0; row < batch.Count; row++)
        {
            foreach (var (column, sign) in ((int, int)[])[(batch.Labels[row], 1), (batch.Negatives[row], -1)])
            {
                var user = users.AsSpan(row * dimensions, dimensions);
                var item = columns.AsSpan(column * dimensions, dimensions);
                var margin = sign * TensorPrimitives.Dot<float>(user, item) / temperature;
                loss += Softplus(-margin) / batch.Count;
                var slope = (float)(-sign / (1 + Math.Exp(margin)) / temperature / batch.Count);
                var byUser = byUsers.AsSpan(row * dimensions, dimensions);
                var byItem = byColumns.AsSpan(column * dimensions, dimensions);
                TensorPrimitives.MultiplyAdd(item, slope, byUser, byUser);
                TensorPrimitives.MultiplyAdd(user, slope, byItem, byItem);
            }
        }

        return new LossGradients(loss, byUsers, byColumns);
    }

    // ln(1 + e^x) without overflow.
    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
