using ServerlessRec.Training.Tests.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Towers;

public sealed class PooledMeansTests
{
    private const float Step = 1e-2f;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gradients_written_by_hand_are_those_of_small_steps(int threads)
    {
        var random = new Random(5);
        var towers = TinyWorld.Untrained(TinyWorld.Make());
        var network = (PooledTowerNetwork)towers.Users;
        var means = new PooledMeans(network, threads);
        var vectors = Numbers(20 * towers.Items.Dimensions, random);
        var batch = Histories(random);
        var wanted = Numbers(batch.Count * network.Means * towers.Items.Dimensions, random);
        double Loss() => new PooledMeans(network, 1).Forward(vectors, batch).Zip(wanted, (mean, weight) => (double)mean * weight).Sum();

        means.Forward(vectors, batch);
        var byVectors = means.Backward(wanted);
        for (var at = 0; at < vectors.Length; at += 7)
        {
            AssertSlope(byVectors[at], vectors.AsSpan(at), Loss);
        }

        foreach (var weight in network.Weights.Where(weight => weight.Gradient is not null))
        {
            for (var at = 0; at < weight.Gradient!.Length; at++)
            {
                AssertSlope(weight.Gradient[at], weight.Numbers[at..], Loss);
            }
        }

        Assert.Equal(6, network.Weights.Count(weight => weight.Gradient is not null));
    }

    private static void AssertSlope(float gradient, Span<float> number, Func<double> loss)
    {
        var before = number[0];
        number[0] = before + Step;
        var above = loss();
        number[0] = before - Step;
        var below = loss();
        number[0] = before;
        Assert.Equal(gradient, (above - below) / (2 * Step), 0.02 + (0.03 * Math.Abs(gradient)));
    }

    private static HistoryBatch Histories(Random random)
    {
        var batch = HistoryBatch.Of(5, 6);
        for (var row = 0; row < batch.Count; row++)
        {
            batch.Lengths[row] = row == 2 ? 0 : 1 + random.Next(6);
            for (var entry = 0; entry < batch.Lengths[row]; entry++)
            {
                var at = (row * batch.Stride) + entry;
                (batch.Places[at], batch.Types[at], batch.Ages[at]) = (random.Next(20), random.Next(3), random.NextSingle() * 3);
            }
        }

        return batch;
    }

    private static float[] Numbers(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
