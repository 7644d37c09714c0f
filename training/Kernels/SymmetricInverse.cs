using System.Numerics.Tensors;

namespace ServerlessRec.Training.Kernels;

/// <summary>
/// The inverse of a symmetric positive definite matrix: Gauss–Jordan elimination by blocks (Golub and Van Loan, "Matrix Computations", 3.2),
/// nearly all of it products, on all cores. Such a matrix needs no pivots.
/// </summary>
internal static unsafe class SymmetricInverse
{
    private const int Block = 96, Panel = 64;

    /// <summary>Replaces a matrix by its inverse. Takes 2 n³ operations.</summary>
    /// <param name="matrix">[n, n], symmetric positive definite.</param>
    /// <param name="size">n.</param>
    /// <exception cref="ArithmeticException">It is not positive definite.</exception>
    public static void Invert(float[] matrix, int size)
    {
        var width = (size + Panel - 1) / Panel * Panel;
        var numbers = new FloatBuffer();
        numbers.Zeros((long)size * width);
        for (var row = 0; row < size; row++)
        {
            matrix.AsSpan(row * size, size).CopyTo(Row(numbers, width, row));
        }

        var (pivot, panels) = (new FloatBuffer(), new FloatBuffer());
        for (var first = 0; first < size; first += Block)
        {
            Eliminate(numbers, size, width, first, Math.Min(Block, size - first), pivot, panels);
        }

        for (var row = 0; row < size; row++)
        {
            Row(numbers, width, row)[..size].CopyTo(matrix.AsSpan(row * size));
        }
    }

    // Rows of the block: [.. A_kj ..] becomes A_kk⁻¹ · A_kj and A_kk⁻¹; other rows i: A_ij − A_ik · (A_kk⁻¹ · A_kj) and −A_ik · A_kk⁻¹.
    private static void Eliminate(FloatBuffer numbers, int size, int width, int first, int count, FloatBuffer pivot, FloatBuffer panels)
    {
        var inverse = InverseOf(numbers, width, first, count);
        var padded = MatrixProduct.Padded(count);
        pivot.Zeros((long)count * padded);
        for (var row = 0; row < count; row++)
        {
            inverse.AsSpan(row * count, count).CopyTo(new Span<float>(pivot.Start + (row * padded), count));
            Row(numbers, width, first + row).Slice(first, count).Clear(); // its own place follows from the sums below
            Row(numbers, width, first + row)[first + row] = 1;
        }

        // The block's rows are copied panel by panel: [width / Panel][count][Panel], multiplied by A_kk⁻¹.
        panels.Room((long)width * count);
        var start = (nint)numbers.Start;
        Parallel.For(0, width / Panel, panel => MatrixProduct.Multiply(
            pivot.Start, padded, 1, (float*)start + ((long)first * width) + (panel * Panel), width, panels.Start + ((long)panel * count * Panel), Panel, count, count, Panel));
        Parallel.For(0, (size + Block - 1) / Block, block =>
        {
            var rows = Math.Min(Block, size - (block * Block));
            var place = (float*)start + ((long)block * Block * width);
            var factors = new float[rows * count];
            for (var row = 0; row < rows; row++)
            {
                var own = new Span<float>(place + ((long)row * width), width);
                if (block * Block == first)
                {
                    own.Clear();
                    factors[(row * count) + row] = 1;
                    continue;
                }

                TensorPrimitives.Negate(own.Slice(first, count), factors.AsSpan(row * count, count));
                own.Slice(first, count).Clear();
            }

            fixed (float* by = factors)
            {
                for (var panel = 0; panel < width / Panel; panel++)
                {
                    MatrixProduct.Multiply(by, count, 1, panels.Start + ((long)panel * count * Panel), Panel, place + (panel * Panel), width, rows, count, Panel, adds: true);
                }
            }
        });
    }

    private static Span<float> Row(FloatBuffer numbers, int width, int row) => new(numbers.Start + ((long)row * width), width);

    // In double precision, by the plain method.
    private static float[] InverseOf(FloatBuffer numbers, int width, int first, int count)
    {
        var block = new double[count * count];
        for (var at = 0; at < block.Length; at++)
        {
            block[at] = Row(numbers, width, first + (at / count))[first + (at % count)];
        }

        for (var pivot = 0; pivot < count; pivot++)
        {
            var own = block.AsSpan(pivot * count, count);
            var scale = own[pivot];
            if (!(scale > 0))
            {
                throw new ArithmeticException("The matrix is not positive definite.");
            }

            own[pivot] = 1;
            TensorPrimitives.Divide(own, scale, own);
            for (var row = 0; row < count; row++)
            {
                var other = block.AsSpan(row * count, count);
                if (row != pivot)
                {
                    var factor = other[pivot];
                    other[pivot] = 0;
                    TensorPrimitives.MultiplyAdd(own, -factor, other, other);
                }
            }
        }

        return Array.ConvertAll(block, number => (float)number);
    }
}
