using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Tests.Kernels;

public sealed unsafe class WeightedRowsTests
{
    private const int Rows = 9, Width = 32, Stride = 7;

    [Theory]
    [InlineData(1, 5)]
    [InlineData(4, 7)]
    [InlineData(6, 3)]
    [InlineData(8, 0)]
    public void Sums_and_their_way_back_are_those_of_plain_loops(int sums, int entries)
    {
        var random = new Random(3);
        var (matrix, weights, bySums) = (Numbers(Rows * Width, random), Numbers(sums * Stride, random), Numbers(sums * Width, random));
        int[] rows = [.. Enumerable.Range(0, entries).Select(_ => random.Next(Rows))];
        var (actual, byWeights, byMatrix) = (new FloatBuffer(), new FloatBuffer(), new FloatBuffer());
        WeightedRows.Sum(matrix.Start, Width, rows, weights.Start, Stride, sums, actual.Room(sums * Width));
        WeightedRows.Back(
            matrix.Start, Width, rows, weights.Start, Stride, sums, bySums.Start, byWeights.Room(sums * Stride), byMatrix.Zeros(Rows * Width));

        var byMatrixExpected = new double[Rows * Width];
        for (var sum = 0; sum < sums; sum++)
        {
            for (var at = 0; at < Width; at++)
            {
                Assert.Equal(rows.Select((row, entry) => (double)weights.Start[(sum * Stride) + entry] * matrix.Start[(row * Width) + at]).Sum(), actual.Start[(sum * Width) + at], 1e-5);
            }

            for (var entry = 0; entry < entries; entry++)
            {
                var dot = 0.0;
                for (var at = 0; at < Width; at++)
                {
                    dot += (double)bySums.Start[(sum * Width) + at] * matrix.Start[(rows[entry] * Width) + at];
                    byMatrixExpected[(rows[entry] * Width) + at] += (double)bySums.Start[(sum * Width) + at] * weights.Start[(sum * Stride) + entry];
                }

                Assert.Equal(dot, byWeights.Start[(sum * Stride) + entry], 1e-5);
            }
        }

        Assert.All(byMatrixExpected.Select((expected, at) => (expected, at)), pair => Assert.Equal(pair.expected, byMatrix.Start[pair.at], 1e-5));
    }

    private static FloatBuffer Numbers(int count, Random random)
    {
        var buffer = new FloatBuffer();
        buffer.Room(count);
        for (var at = 0; at < count; at++)
        {
            buffer.Start[at] = random.NextSingle() - 0.5f;
        }

        return buffer;
    }
}
