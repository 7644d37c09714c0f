using System.Numerics;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) in one pass over values, gradients and moments. Embedding rows without a gradient are left
/// alone ("lazy"), moments included.
/// </summary>
/// <remarks>Our own, because TorchSharp's passes scalars that may be finalised during the native call, and updates whole tables.</remarks>
internal sealed class AdamOptimizer
{
    private const float FirstDecay = 0.9f, SecondDecay = 0.999f, Epsilon = 1e-8f;

    private float _rate, _shrink, _secondCorrection;

    /// <summary>Steps begun so far.</summary>
    public int Step { get; set; }

    /// <summary>Begins a step.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="decay">Decoupled weight decay (Loshchilov and Hutter 2019): a touched value shrinks by rate × decay.</param>
    public void BeginStep(float rate, float decay)
    {
        Step++;
        _shrink = 1 - (rate * decay);
        _rate = rate / (1 - MathF.Pow(FirstDecay, Step));
        _secondCorrection = 1 / (1 - MathF.Pow(SecondDecay, Step));
    }

    /// <summary>Updates a dense weight and clears its gradient.</summary>
    public void Update(Weight weight)
    {
        if (weight.Gradient is { } gradient)
        {
            Update(weight.Numbers, gradient, weight.FirstMoments, weight.SecondMoments);
            Array.Clear(gradient);
        }
    }

    /// <summary>Updates the touched rows of a table and clears their gradients.</summary>
    public void Update(EmbeddingTable table)
    {
        foreach (var row in table.Touched)
        {
            var range = table.Row(row);
            Update(table.Values.AsSpan(range), table.Gradients.AsSpan(range), table.FirstMoments.AsSpan(range), table.SecondMoments.AsSpan(range));
        }

        table.ClearGradients();
    }

    private void Update(Span<float> values, ReadOnlySpan<float> gradients, Span<float> firstMoments, Span<float> secondMoments)
    {
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= values.Length - width; i += width)
        {
            var gradient = new Vector<float>(gradients[i..]);
            var first = (new Vector<float>(firstMoments[i..]) * FirstDecay) + (gradient * (1 - FirstDecay));
            var second = (new Vector<float>(secondMoments[i..]) * SecondDecay) + (gradient * gradient * (1 - SecondDecay));
            var root = Vector.SquareRoot(second * _secondCorrection) + new Vector<float>(Epsilon);
            ((new Vector<float>(values[i..]) * _shrink) - (first * _rate / root)).CopyTo(values[i..]);
            first.CopyTo(firstMoments[i..]);
            second.CopyTo(secondMoments[i..]);
        }

        for (; i < values.Length; i++)
        {
            var first = (firstMoments[i] * FirstDecay) + (gradients[i] * (1 - FirstDecay));
            var second = (secondMoments[i] * SecondDecay) + (gradients[i] * gradients[i] * (1 - SecondDecay));
            values[i] = (values[i] * _shrink) - (first * _rate / (MathF.Sqrt(second * _secondCorrection) + Epsilon));
            firstMoments[i] = first;
            secondMoments[i] = second;
        }
    }
}
