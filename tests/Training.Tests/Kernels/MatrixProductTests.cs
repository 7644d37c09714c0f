using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Tests.Kernels;

public sealed unsafe class MatrixProductTests
{
    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(7, 3, 48)]
    [InlineData(12, 31, 112)]
    [InlineData(25, 64, 80)]
    public void A_product_is_the_sum_of_products_also_of_a_transposed_matrix_and_added_to_what_is_there(int m, int k, int n)
    {
        var random = new Random(2);
        var (a, transposed, b, c, added) = (new FloatBuffer(), new FloatBuffer(), new FloatBuffer(), new FloatBuffer(), new FloatBuffer());
        Fill(a.Room(m * k), m * k, random);
        Fill(b.Room(k * n), k * n, random);
        MatrixProduct.Transpose(a.Start, k, transposed.Room(m * k), m, m, k);
        MatrixProduct.Multiply(a.Start, k, 1, b.Start, n, c.Room(m * n), n, m, k, n);
        new Span<float>(added.Room(m * n), m * n).Fill(1);
        MatrixProduct.Multiply(transposed.Start, 1, m, b.Start, n, added.Start, n, m, k, n, adds: true);
        for (var at = 0; at < m * n; at++)
        {
            var expected = Enumerable.Range(0, k).Sum(l => (double)a.Start[(at / n * k) + l] * b.Start[(l * n) + (at % n)]);
            Assert.Equal(expected, c.Start[at], 1e-4);
            Assert.Equal(1 + expected, added.Start[at], 1e-4);
        }
    }

    [Fact]
    public void Dropout_keeps_the_mean_and_drops_the_same_numbers_for_the_same_seed()
    {
        const int Count = 16 * 4096;
        var (numbers, factors, again) = (new FloatBuffer(), new FloatBuffer(), new FloatBuffer());
        new Span<float>(numbers.Room(Count), Count).Fill(1);
        new Span<float>(again.Room(Count), Count).Fill(1);
        Dropout.Apply(numbers.Start, factors.Room(Count), Count, 0.2, 7);
        Dropout.Apply(again.Start, factors.Start, Count, 0.2, 7);
        var kept = new ReadOnlySpan<float>(numbers.Start, Count).ToArray();
        Assert.Equal(kept, new ReadOnlySpan<float>(again.Start, Count).ToArray());
        Assert.Equal(kept, new ReadOnlySpan<float>(factors.Start, Count).ToArray());
        Assert.Equal(1, kept.Average(), 0.01f);
        Assert.Equal(0.2, kept.Count(number => number == 0) / (double)Count, 0.01);
    }

    private static void Fill(float* numbers, int count, Random random)
    {
        for (var at = 0; at < count; at++)
        {
            numbers[at] = random.NextSingle() - 0.5f;
        }
    }
}
