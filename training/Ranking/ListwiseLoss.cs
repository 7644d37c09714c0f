using System.Numerics.Tensors;

namespace ServerlessRec.Training.Ranking;

/// <summary>Cross entropy of the softmax over a request's candidates (ListNet's top-one form, Cao et al. 2007); the chosen ones share its target evenly.</summary>
internal static class ListwiseLoss
{
    /// <summary>The loss of one case.</summary>
    /// <param name="logits">One a candidate.</param>
    /// <param name="learned">The case.</param>
    /// <param name="gradient">The loss by the logits; as long as they.</param>
    public static double Of(ReadOnlySpan<float> logits, LearnedCase learned, Span<float> gradient)
    {
        TensorPrimitives.Add(logits, learned.Offsets, gradient);
        var greatest = TensorPrimitives.Max<float>(gradient);
        var loss = 0.0;
        foreach (var chosen in learned.Chosen)
        {
            loss -= gradient[chosen] - greatest;
        }

        TensorPrimitives.Subtract(gradient, greatest, gradient);
        TensorPrimitives.Exp(gradient, gradient);
        var sum = TensorPrimitives.Sum<float>(gradient);
        TensorPrimitives.Divide(gradient, sum, gradient);
        foreach (var chosen in learned.Chosen)
        {
            gradient[chosen] -= 1f / learned.Chosen.Length;
        }

        return (loss / learned.Chosen.Length) + Math.Log(sum);
    }
}
