using System.Numerics.Tensors;
using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Ranking;

/// <summary>Learns a ranker from cases, on one thread; the same seed gives the same ranker.</summary>
/// <param name="seed">Of initial weights and orders.</param>
internal sealed class RankerTrainer(int seed)
{
    private const int CasesInBatch = 16, StepsInRound = 50, MostRounds = 12, Patience = 2;

    // The decay is strong: what the cases do not insist on goes back to the retrieval's order (docs/decisions/ranker.md).
    private const float Rate = 0.002f, RateDecay = 0.95f, WeightDecay = 1;

    /// <summary>
    /// Learns until the loss of held-out cases no longer falls; the ranker is that of the best round, which is 0, the retrieval's own order, when none is better.
    /// A round is one epoch, or as many as make fifty steps.
    /// </summary>
    public (RankerNetwork Network, int Round) Fit(IReadOnlyList<LearnedCase> cases, IReadOnlyList<LearnedCase> heldOut, CancellationToken cancellationToken)
    {
        var best = new RankerNetwork(new Random(seed));
        var (bestRound, bestLoss) = (0, Loss(best, heldOut));
        Run(cases, MostRounds, (network, round) =>
        {
            var loss = Loss(network, heldOut);
            if (loss < bestLoss)
            {
                (bestRound, bestLoss) = (round, loss);
                best.CopyFrom(network);
            }

            return round - bestRound < Patience;
        }, cancellationToken);
        return (best, bestRound);
    }

    /// <summary>Learns for a number of rounds.</summary>
    public RankerNetwork Fit(IReadOnlyList<LearnedCase> cases, int rounds, CancellationToken cancellationToken) =>
        Run(cases, rounds, (_, _) => true, cancellationToken);

    private RankerNetwork Run(IReadOnlyList<LearnedCase> cases, int rounds, Func<RankerNetwork, int, bool> goOn, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var network = new RankerNetwork(random);
        var pass = new RankerPass(network);
        var adam = new AdamOptimizer();
        int[] order = [.. Enumerable.Range(0, cases.Count)];
        var batches = (cases.Count + CasesInBatch - 1) / CasesInBatch;
        var epochs = batches == 0 ? 0 : (StepsInRound + batches - 1) / batches;
        for (var round = 1; round <= rounds; round++)
        {
            for (var epoch = 0; epoch < epochs; epoch++)
            {
                random.Shuffle(order);
                for (var start = 0; start < order.Length; start += CasesInBatch)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Learn(pass, cases, order.AsSpan(start, Math.Min(CasesInBatch, order.Length - start)));
                    adam.BeginStep(Rate * MathF.Pow(RateDecay, round - 1), WeightDecay);
                    Update(network, adam);
                }
            }

            if (!goOn(network, round))
            {
                break;
            }
        }

        return network;
    }

    private static void Learn(RankerPass pass, IReadOnlyList<LearnedCase> cases, ReadOnlySpan<int> batch)
    {
        pass.ReadWeights();
        foreach (var place in batch)
        {
            var learned = cases[place];
            var gradient = new float[learned.Inputs.Count];
            ListwiseLoss.Of(pass.Forward(learned.Inputs), learned, gradient);
            TensorPrimitives.Divide(gradient, batch.Length, gradient);
            pass.Backward(learned.Inputs, gradient);
        }
    }

    private static void Update(RankerNetwork network, AdamOptimizer adam)
    {
        foreach (var table in network.Tables)
        {
            adam.Update(table);
        }

        foreach (var weight in network.Weights)
        {
            adam.Update(weight);
        }
    }

    private static double Loss(RankerNetwork network, IReadOnlyList<LearnedCase> cases)
    {
        var pass = new RankerPass(network);
        pass.ReadWeights();
        var sum = 0.0;
        foreach (var learned in cases)
        {
            sum += ListwiseLoss.Of(pass.Forward(learned.Inputs), learned, new float[learned.Inputs.Count]);
        }

        return sum / Math.Max(1, cases.Count);
    }
}
