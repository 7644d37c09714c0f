using ServerlessRec.Index.Kernels;

namespace ServerlessRec.Index.Tests.Kernels;

/// <summary>Whatever path this processor takes: kernels agree with plain arithmetic.</summary>
public sealed unsafe class KernelTests
{
    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(96)]
    [InlineData(2048)]
    public void Int8_products_are_exact(int length)
    {
        var random = new Random(length);
        var query = new short[length];
        var codes = new sbyte[4 * length];
        for (var round = 0; round < 50; round++)
        {
            // The extremes too: the longest vectors with the largest values must not overflow.
            var limit = Math.Min(16383, (int)(2147483647L / (128L * length)));
            for (var i = 0; i < query.Length; i++)
                query[i] = (short)(round == 0 ? limit : random.Next(-limit, limit + 1));
            for (var i = 0; i < codes.Length; i++)
                codes[i] = (sbyte)(round == 0 ? 127 : random.Next(-127, 128));
            fixed (short* q = query)
            fixed (sbyte* c = codes)
            {
                var four = Int8Kernel.Dot4(q, c, c + length, c + (2 * length), c + (3 * length), length);
                for (var i = 0; i < 4; i++)
                {
                    var expected = 0L;
                    for (var d = 0; d < length; d++)
                        expected += query[d] * codes[(i * length) + d];
                    Assert.Equal(expected, four[i]);
                    Assert.Equal(expected, Int8Kernel.Dot(q, c + (i * length), length));
                }
            }
        }
    }

    [Fact]
    public void Float_kernels_sum_in_one_order_on_every_path()
    {
        var random = new Random(1);
        var a = Enumerable.Range(0, 48).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var b = Enumerable.Range(0, 48).Select(_ => random.NextSingle() - 0.5f).ToArray();
        fixed (float* x = a)
        fixed (float* y = b)
        {
            Assert.Equal(Folded((i) => a[i] * b[i]), FloatKernel.Dot(x, y, 48));
            Assert.Equal(Folded((i) => (a[i] - b[i]) * (a[i] - b[i])), FloatKernel.SquaredDistance(x, y, 48));
        }

        static float Folded(Func<int, float> term)
        {
            var sums = new float[16];
            for (var i = 0; i < 48; i++)
                sums[i % 16] += term(i);
            for (var width = 8; width >= 4; width /= 2)
            {
                for (var i = 0; i < width; i++)
                    sums[i] += sums[i + width];
            }
            return sums[0] + sums[2] + (sums[1] + sums[3]);
        }
    }

    [Fact]
    public void Every_finite_half_becomes_its_float()
    {
        var halves = Enumerable.Range(0, 65536).Select(i => (ushort)i).Where(h => Half.IsFinite(BitConverter.UInt16BitsToHalf(h))).ToArray();
        var floats = new float[halves.Length];
        fixed (ushort* source = halves)
        fixed (float* destination = floats)
            HalfKernel.ToFloat(source, destination, halves.Length);
        for (var i = 0; i < halves.Length; i++)
            Assert.Equal((float)BitConverter.UInt16BitsToHalf(halves[i]), floats[i]);
    }
}
