using System.Runtime.Intrinsics;

namespace ServerlessRec.Training.Kernels;

/// <summary>
/// Layer normalisation (Ba et al. 2016) of rows of D numbers, stored <see cref="MatrixProduct.Padded"/>: gains and biases of the padding are zero,
/// so it stays zero.
/// </summary>
/// <param name="dimensions">D.</param>
/// <param name="epsilon">Added to the variance.</param>
internal sealed unsafe class LayerNorm(int dimensions, float epsilon)
{
    private readonly int _width = MatrixProduct.Padded(dimensions);

    /// <summary>y = gain · standardised x + bias, for each row.</summary>
    /// <param name="x">[rows, width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="bias">[width].</param>
    /// <param name="standardised">[rows, width], for the way back.</param>
    /// <param name="inverse">[rows] one over the deviation, for the way back.</param>
    /// <param name="y">[rows, width].</param>
    /// <param name="rows">Rows.</param>
    public void Forward(float* x, float* gain, float* bias, float* standardised, float* inverse, float* y, int rows)
    {
        for (var row = 0; row < rows; row++, x += _width, standardised += _width, y += _width)
        {
            var (sums, squares) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var at = 0; at < _width; at += MatrixProduct.Width)
            {
                sums += Vector512.Load(x + at);
            }

            var mean = Vector512.Create(Vector512.Sum(sums) / dimensions);
            for (var at = 0; at < _width; at += MatrixProduct.Width)
            {
                var centred = (Vector512.Load(x + at) - mean) & Within(at);
                squares = Vector512.FusedMultiplyAdd(centred, centred, squares);
                centred.Store(standardised + at);
            }

            inverse[row] = 1 / MathF.Sqrt((Vector512.Sum(squares) / dimensions) + epsilon);
            for (var at = 0; at < _width; at += MatrixProduct.Width)
            {
                var number = Vector512.Load(standardised + at) * inverse[row];
                number.Store(standardised + at);
                Vector512.FusedMultiplyAdd(number, Vector512.Load(gain + at), Vector512.Load(bias + at)).Store(y + at);
            }
        }
    }

    /// <summary>Adds the gradients of what <see cref="Forward"/> read.</summary>
    /// <param name="byY">[rows, width]: the loss by y.</param>
    /// <param name="gain">[width].</param>
    /// <param name="standardised">As Forward left it.</param>
    /// <param name="inverse">As Forward left it.</param>
    /// <param name="byX">[rows, width], added to.</param>
    /// <param name="byGain">[width], added to.</param>
    /// <param name="byBias">[width], added to.</param>
    /// <param name="rows">Rows.</param>
    public void Backward(float* byY, float* gain, float* standardised, float* inverse, float* byX, float* byGain, float* byBias, int rows)
    {
        for (var row = 0; row < rows; row++, byY += _width, standardised += _width, byX += _width)
        {
            var (sums, products) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var at = 0; at < _width; at += MatrixProduct.Width)
            {
                var (by, number) = (Vector512.Load(byY + at), Vector512.Load(standardised + at));
                Vector512.FusedMultiplyAdd(by, number, Vector512.Load(byGain + at)).Store(byGain + at);
                (Vector512.Load(byBias + at) + by).Store(byBias + at);
                by *= Vector512.Load(gain + at);
                sums += by;
                products = Vector512.FusedMultiplyAdd(by, number, products);
            }

            var mean = Vector512.Create(Vector512.Sum(sums) / dimensions);
            var slope = Vector512.Create(Vector512.Sum(products) / dimensions);
            for (var at = 0; at < _width; at += MatrixProduct.Width)
            {
                var by = (Vector512.Load(byY + at) * Vector512.Load(gain + at)) - mean - (Vector512.Load(standardised + at) * slope);
                Vector512.FusedMultiplyAdd(by & Within(at), Vector512.Create(inverse[row]), Vector512.Load(byX + at)).Store(byX + at);
            }
        }
    }

    // All bits set where a number is no padding.
    private Vector512<float> Within(int at)
    {
        var places = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + Vector512.Create(at);
        return Vector512.LessThan(places, Vector512.Create(dimensions)).AsSingle();
    }
}
