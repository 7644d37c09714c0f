using System.Runtime.Intrinsics;

namespace ServerlessRec.Training.Kernels;

/// <summary>
/// Weighted sums of rows of a matrix that lie anywhere in it, several sums over the same rows, and the way back. Rows are padded to
/// <see cref="MatrixProduct.Width"/>. Four sums are worked out at once, so that a row is read once for them.
/// </summary>
internal static unsafe class WeightedRows
{
    private const int Sums = 4, Lanes = 8;

    /// <summary>sum[s] = Σ over entries e of weight[s, e] · row[e].</summary>
    /// <param name="matrix">[rows, width].</param>
    /// <param name="width">Length of a row's storage.</param>
    /// <param name="rows">The row of each entry.</param>
    /// <param name="weights">[sums, entries], rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">At least the number of entries.</param>
    /// <param name="count">Sums.</param>
    /// <param name="sums">[sums, width], written.</param>
    public static void Sum(float* matrix, int width, ReadOnlySpan<int> rows, float* weights, int stride, int count, float* sums)
    {
        for (; count >= Sums; count -= Sums, weights += Sums * stride, sums += Sums * width)
        {
            SumFour(matrix, width, rows, weights, stride, sums);
        }

        for (; count > 0; count--, weights += stride, sums += width)
        {
            for (var at = 0; at < width; at += Lanes)
            {
                var sum = Vector256<float>.Zero;
                for (var entry = 0; entry < rows.Length; entry++)
                {
                    sum = Vector256.FusedMultiplyAdd(Vector256.Create(weights[entry]), Vector256.Load(matrix + ((long)rows[entry] * width) + at), sum);
                }

                sum.Store(sums + at);
            }
        }
    }

    /// <summary>The loss by weights and rows, from the loss by the sums.</summary>
    /// <param name="matrix">As before.</param>
    /// <param name="width">As before.</param>
    /// <param name="rows">As before.</param>
    /// <param name="weights">As before.</param>
    /// <param name="stride">As before, also of <paramref name="byWeights"/>.</param>
    /// <param name="count">As before.</param>
    /// <param name="bySums">[sums, width].</param>
    /// <param name="byWeights">[sums, entries], written.</param>
    /// <param name="byMatrix">[rows, width], added to.</param>
    public static void Back(
        float* matrix, int width, ReadOnlySpan<int> rows, float* weights, int stride, int count, float* bySums, float* byWeights, float* byMatrix)
    {
        for (; count >= Sums; count -= Sums, weights += Sums * stride, bySums += Sums * width, byWeights += Sums * stride)
        {
            for (var entry = 0; entry < rows.Length; entry++)
            {
                var place = (long)rows[entry] * width;
                BackFour(matrix + place, width, weights + entry, stride, bySums, byWeights + entry, byMatrix + place);
            }
        }

        for (; count > 0; count--, weights += stride, bySums += width, byWeights += stride)
        {
            for (var entry = 0; entry < rows.Length; entry++)
            {
                var (dot, weight) = (Vector256<float>.Zero, Vector256.Create(weights[entry]));
                var by = byMatrix + ((long)rows[entry] * width);
                for (var at = 0; at < width; at += Lanes)
                {
                    var bySum = Vector256.Load(bySums + at);
                    dot = Vector256.FusedMultiplyAdd(bySum, Vector256.Load(matrix + ((long)rows[entry] * width) + at), dot);
                    Vector256.FusedMultiplyAdd(bySum, weight, Vector256.Load(by + at)).Store(by + at);
                }

                byWeights[entry] = Vector256.Sum(dot);
            }
        }
    }

    private static void SumFour(float* matrix, int width, ReadOnlySpan<int> rows, float* weights, int stride, float* sums)
    {
        for (var at = 0; at < width; at += 2 * Lanes)
        {
            Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
            for (var entry = 0; entry < rows.Length; entry++)
            {
                var row = matrix + ((long)rows[entry] * width) + at;
                var (low, high) = (Vector256.Load(row), Vector256.Load(row + Lanes));
                var weight = Vector256.Create(weights[entry]);
                s00 = Vector256.FusedMultiplyAdd(weight, low, s00);
                s01 = Vector256.FusedMultiplyAdd(weight, high, s01);
                weight = Vector256.Create(weights[entry + stride]);
                s10 = Vector256.FusedMultiplyAdd(weight, low, s10);
                s11 = Vector256.FusedMultiplyAdd(weight, high, s11);
                weight = Vector256.Create(weights[entry + (2 * stride)]);
                s20 = Vector256.FusedMultiplyAdd(weight, low, s20);
                s21 = Vector256.FusedMultiplyAdd(weight, high, s21);
                weight = Vector256.Create(weights[entry + (3 * stride)]);
                s30 = Vector256.FusedMultiplyAdd(weight, low, s30);
                s31 = Vector256.FusedMultiplyAdd(weight, high, s31);
            }

            var to = sums + at;
            s00.Store(to);
            s01.Store(to + Lanes);
            s10.Store(to + width);
            s11.Store(to + width + Lanes);
            s20.Store(to + (2 * width));
            s21.Store(to + (2 * width) + Lanes);
            s30.Store(to + (3 * width));
            s31.Store(to + (3 * width) + Lanes);
        }
    }

    private static void BackFour(float* row, int width, float* weights, int stride, float* bySums, float* byWeights, float* byRow)
    {
        Vector256<float> dot0 = default, dot1 = default, dot2 = default, dot3 = default;
        var (weight0, weight1) = (Vector256.Create(weights[0]), Vector256.Create(weights[stride]));
        var (weight2, weight3) = (Vector256.Create(weights[2 * stride]), Vector256.Create(weights[3 * stride]));
        for (var at = 0; at < width; at += Lanes)
        {
            var numbers = Vector256.Load(row + at);
            var by = Vector256.Load(byRow + at);
            var bySum = Vector256.Load(bySums + at);
            dot0 = Vector256.FusedMultiplyAdd(bySum, numbers, dot0);
            by = Vector256.FusedMultiplyAdd(bySum, weight0, by);
            bySum = Vector256.Load(bySums + width + at);
            dot1 = Vector256.FusedMultiplyAdd(bySum, numbers, dot1);
            by = Vector256.FusedMultiplyAdd(bySum, weight1, by);
            bySum = Vector256.Load(bySums + (2 * width) + at);
            dot2 = Vector256.FusedMultiplyAdd(bySum, numbers, dot2);
            by = Vector256.FusedMultiplyAdd(bySum, weight2, by);
            bySum = Vector256.Load(bySums + (3 * width) + at);
            dot3 = Vector256.FusedMultiplyAdd(bySum, numbers, dot3);
            Vector256.FusedMultiplyAdd(bySum, weight3, by).Store(byRow + at);
        }

        byWeights[0] = Vector256.Sum(dot0);
        byWeights[stride] = Vector256.Sum(dot1);
        byWeights[2 * stride] = Vector256.Sum(dot2);
        byWeights[3 * stride] = Vector256.Sum(dot3);
    }
}
