using TorchSharp;
using static TorchSharp.torch;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// Sums of tensors. TorchSharp's own + makes a finalizable scalar (its factor of 1) at every call, which the collector may free while
/// native code reads it: rare, and fatal. This factor lives as long as the process.
/// </summary>
internal static class TensorSum
{
    private static readonly Scalar One = 1.ToScalar();

    /// <summary>left + right, with broadcasting.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);
}
