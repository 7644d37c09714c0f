using static TorchSharp.torch;

namespace ServerlessRec.Training.Towers;

/// <summary>Rows of a matrix by number.</summary>
internal static class TensorRows
{
    /// <summary>[N, D] and int64 [R] → [R, D]. Twice as fast as index_select, whose gradient is added up row by row.</summary>
    public static Tensor Rows(this Tensor matrix, Tensor rows) => matrix.index(TensorIndex.Tensor(rows));
}
