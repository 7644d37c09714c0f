using System.Numerics.Tensors;

namespace ServerlessRec.Training.Towers;

/// <summary>L2 normalisation as the exported graphs do it.</summary>
internal static class UnitLength
{
    /// <summary>Lengths below this are not brought to 1, so that a zero vector stays zero.</summary>
    public const float Shortest = 1e-6f;

    /// <summary>Divides a vector by max(its length, <see cref="Shortest"/>), and returns that.</summary>
    public static float Bring(Span<float> vector)
    {
        var length = Math.Max(TensorPrimitives.Norm<float>(vector), Shortest);
        TensorPrimitives.Divide(vector, length, vector);
        return length;
    }

    /// <summary>Turns the loss by a vector of unit length into the loss by what it was before.</summary>
    /// <param name="gradient">Read and written.</param>
    /// <param name="unit">As <see cref="Bring"/> left it.</param>
    /// <param name="length">What it returned.</param>
    public static void BackBy(Span<float> gradient, ReadOnlySpan<float> unit, float length)
    {
        // The part of the gradient along the vector would only change its length.
        if (length > Shortest)
        {
            TensorPrimitives.MultiplyAdd(unit, -TensorPrimitives.Dot(gradient, unit), gradient, gradient);
        }

        TensorPrimitives.Divide(gradient, length, gradient);
    }
}
