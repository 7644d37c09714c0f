using System.Numerics.Tensors;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// Causal attention of one head over one history: shares = softmax(queries · keysᵀ · scale + bias of the distance), seen = shares · values. A
/// few entries at a time, and only the entries before them: half the work of a full matrix.
/// </summary>
/// <param name="longest">Entries of the longest history.</param>
internal sealed unsafe class SequenceAttention(int longest)
{
    private const int EntriesAtOnce = 24;

    private readonly FloatBuffer _keys = new(), _values = new(), _byShares = new();

    /// <summary>Stored length of an entry's shares in a history.</summary>
    public static int SharesWidth(int length) => MatrixProduct.Padded(length);

    /// <summary>Writes shares and what is seen.</summary>
    /// <param name="projected">Queries; keys and values stand <paramref name="shape"/>'s joined width behind each other.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="bias">[longest] of distances longest − 1 … 0.</param>
    /// <param name="scale">Of the logits.</param>
    /// <param name="shares">[length, SharesWidth].</param>
    /// <param name="seen">[length, head] in rows of the joined width.</param>
    /// <param name="length">Entries.</param>
    public void Forward(float* projected, SequenceMatrices shape, float* bias, float scale, float* shares, float* seen, int length)
    {
        var (row, width, head) = (shape.Projected, SharesWidth(length), shape.HeadWidth);
        var keys = Transposed(_keys, projected + shape.Joined, row, head, length);
        for (var first = 0; first < length; first += EntriesAtOnce)
        {
            var entries = Math.Min(EntriesAtOnce, length - first);
            var columns = Math.Min(width, MatrixProduct.Padded(first + entries));
            var logits = shares + ((long)first * width);
            MatrixProduct.Multiply(projected + ((long)first * row), row, 1, keys, width, logits, width, entries, head, columns);
            for (var entry = first; entry < first + entries; entry++)
            {
                var all = new Span<float>(shares + ((long)entry * width), columns);
                var visible = all[..(entry + 1)];
                TensorPrimitives.MultiplyAdd(visible, scale, new ReadOnlySpan<float>(bias + longest - 1 - entry, entry + 1), visible);
                TensorPrimitives.Subtract(visible, TensorPrimitives.Max<float>(visible), visible);
                TensorPrimitives.Exp(visible, visible);
                TensorPrimitives.Multiply(visible, 1 / TensorPrimitives.Sum<float>(visible), visible);
                all[(entry + 1)..].Clear();
            }

            MatrixProduct.Multiply(logits, width, 1, projected + (2 * shape.Joined), row, seen + ((long)first * shape.Joined), shape.Joined, entries, first + entries, head);
        }
    }

    /// <summary>Writes the gradients of queries, keys and values, adds those of the biases.</summary>
    /// <param name="projected">As in <see cref="Forward"/>.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="scale">Of the logits.</param>
    /// <param name="shares">As Forward left them.</param>
    /// <param name="bySeen">The loss by what is seen.</param>
    /// <param name="byProjected">Written: in the form of <paramref name="projected"/>.</param>
    /// <param name="byBias">[longest], added to.</param>
    /// <param name="length">Entries.</param>
    public void Backward(float* projected, SequenceMatrices shape, float scale, float* shares, float* bySeen, float* byProjected, float* byBias, int length)
    {
        var (row, width, head) = (shape.Projected, SharesWidth(length), shape.HeadWidth);
        var keys = projected + shape.Joined;
        var byKeys = byProjected + shape.Joined;
        var byValues = byProjected + (2 * shape.Joined);
        var valuesBack = Transposed(_values, projected + (2 * shape.Joined), row, head, length);
        var byLogits = _byShares.Room((long)EntriesAtOnce * width);
        for (var entry = 0; entry < length; entry++)
        {
            new Span<float>(byKeys + ((long)entry * row), head).Clear();
        }

        for (var first = 0; first < length; first += EntriesAtOnce)
        {
            var entries = Math.Min(EntriesAtOnce, length - first);
            var columns = Math.Min(width, MatrixProduct.Padded(first + entries));

            // Entries from here on see those of this step; earlier ones cannot.
            MatrixProduct.Multiply(
                shares + ((long)first * width) + first, 1, width, bySeen + ((long)first * shape.Joined), shape.Joined, byValues + ((long)first * row), row, entries, length - first, head);
            MatrixProduct.Multiply(bySeen + ((long)first * shape.Joined), shape.Joined, 1, valuesBack, width, byLogits, width, entries, head, columns);
            for (var entry = 0; entry < entries; entry++)
            {
                var all = new Span<float>(byLogits + ((long)entry * width), columns);
                var visible = all[..(first + entry + 1)];
                var share = new ReadOnlySpan<float>(shares + ((long)(first + entry) * width), visible.Length);
                TensorPrimitives.Subtract(visible, TensorPrimitives.Dot(share, visible), visible);
                TensorPrimitives.Multiply(visible, share, visible);
                all[visible.Length..].Clear();
                var distances = new Span<float>(byBias + longest - visible.Length, visible.Length);
                TensorPrimitives.Add(distances, visible, distances);
                TensorPrimitives.Multiply(visible, scale, visible);
            }

            MatrixProduct.Multiply(byLogits, width, 1, keys, row, byProjected + ((long)first * row), row, entries, first + entries, head);
            MatrixProduct.Multiply(byLogits, 1, width, projected + ((long)first * row), row, byKeys, row, first + entries, entries, head, adds: true);
        }
    }

    // [length, head] → [head, SharesWidth].
    private static float* Transposed(FloatBuffer buffer, float* rows, int row, int head, int length)
    {
        var width = SharesWidth(length);
        var transposed = buffer.Zeros((long)head * width);
        MatrixProduct.Transpose(rows, row, transposed, width, length, head);
        return transposed;
    }
}
