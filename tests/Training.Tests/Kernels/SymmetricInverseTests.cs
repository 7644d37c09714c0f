using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Tests.Kernels;

public sealed class SymmetricInverseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(96)]
    [InlineData(250)]
    public void A_matrix_times_its_inverse_is_the_identity(int size)
    {
        var random = new Random(7);
        var factor = new float[size * size];
        foreach (ref var number in factor.AsSpan())
        {
            number = random.NextSingle() - 0.5f;
        }

        var matrix = new float[size * size];
        for (var at = 0; at < matrix.Length; at++)
        {
            var (row, column) = (at / size, at % size);
            matrix[at] = Enumerable.Range(0, size).Sum(k => factor[(row * size) + k] * factor[(column * size) + k]) + (row == column ? 2 : 0);
        }

        var inverse = (float[])matrix.Clone();
        SymmetricInverse.Invert(inverse, size);
        for (var at = 0; at < matrix.Length; at++)
        {
            var (row, column) = (at / size, at % size);
            var product = Enumerable.Range(0, size).Sum(k => (double)matrix[(row * size) + k] * inverse[(k * size) + column]);
            Assert.Equal(row == column ? 1 : 0, product, 1e-3);
        }
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused() =>
        Assert.Throws<ArithmeticException>(() => SymmetricInverse.Invert([1, 2, 2, 1], 2));
}
