using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Tests.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Towers;

public sealed class SequenceTowerTests
{
    private const float Step = 2e-3f;
    private const int Longest = 55;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Gradients_written_by_hand_are_those_of_small_steps(int threads)
    {
        var random = new Random(5);
        var shape = TinyWorld.Options.Shape with { UserTower = UserTowerKind.Sequence, Dropout = 0, HistoryLength = Longest };
        var network = new SequenceTowerNetwork(FeatureSpecs.For(TinyWorld.Make(), shape), shape, random, threads);
        foreach (var weight in network.Weights)
        {
            foreach (ref var number in weight.Numbers)
            {
                number += 0.3f * (random.NextSingle() - 0.5f); // zeros would hide mistakes
            }
        }

        var vectors = Numbers(20 * network.Dimensions, random);
        var batch = Histories(random);
        var wanted = Numbers(batch.Asked.Length * network.Dimensions, random);
        double Loss()
        {
            return network.Forward(vectors, batch, isTraining: false).Zip(wanted, (user, weight) => (double)user * weight).Sum();
        }

        network.Forward(vectors, batch, isTraining: true);
        var byVectors = network.Backward(wanted);
        for (var at = 0; at < vectors.Length; at += 5)
        {
            AssertSlope("vectors", byVectors[at], vectors.AsSpan(at), Loss);
        }

        foreach (var weight in network.Weights)
        {
            for (var at = 0; at < weight.Gradient!.Length; at += 1 + (weight.Gradient.Length / 40))
            {
                AssertSlope(weight.Name, weight.Gradient[at], weight.Numbers[at..], Loss);
            }
        }
    }

    private static void AssertSlope(string name, float gradient, Span<float> number, Func<double> loss)
    {
        var before = number[0];
        number[0] = before + Step;
        var above = loss();
        number[0] = before - Step;
        var below = loss();
        number[0] = before;
        var slope = (above - below) / (2 * Step);
        Assert.True(Math.Abs(slope - gradient) < 0.01 + (0.03 * Math.Abs(gradient)), $"{name}: {gradient} by hand, {slope} by a small step");
    }

    // Longer than the attention's steps, and asked in the middle too.
    private static HistoryBatch Histories(Random random)
    {
        int[] lengths = [Longest, 1, 30, 9, 5];
        int[] asked = [3, 27, Longest - 1, Longest, (2 * Longest) + 2, (2 * Longest) + 29, (3 * Longest) + 8, 4 * Longest, (4 * Longest) + 4];
        var batch = HistoryBatch.Of(lengths.Length, Longest, asked);
        for (var row = 0; row < batch.Count; row++)
        {
            batch.Lengths[row] = lengths[row];
            for (var entry = 0; entry < lengths[row]; entry++)
            {
                var at = (row * batch.Stride) + entry;
                (batch.Places[at], batch.Types[at], batch.Ages[at]) = (random.Next(20), random.Next(3), random.NextSingle() * 3);
            }
        }

        return batch;
    }

    private static float[] Numbers(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
