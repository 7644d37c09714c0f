using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Ranking;

/// <summary>Learns a ranker from cases, on one thread; the same seed gives the same ranker.</summary>
/// <param name="seed">Of initial weights and orders.</param>
internal sealed class RankerTrainer(int seed)
{
    /// <summary>Epochs at most.</summary>
    public const int MostEpochs = 12;

    private const int CasesInBatch = 16, Patience = 2;
    private const float Rate = 0.005f, RateDecay = 0.85f, WeightDecay = 0.05f;

    /// <summary>
    /// Learns until the loss of held-out cases no longer falls; the ranker is that of the best epoch, which is 0, the retrieval's own order, when none is better.
    /// </summary>
    public (RankerNetwork Network, int Epoch) Fit(IReadOnlyList<LearnedCase> cases, IReadOnlyList<LearnedCase> heldOut, CancellationToken cancellationToken)
    {
        var best = new RankerNetwork(new Random(seed));
        var (bestEpoch, bestLoss) = (0, Loss(best, heldOut));
        Run(cases, MostEpochs, (network, epoch) =>
        {
            var loss = Loss(network, heldOut);
            if (loss < bestLoss)
            {
                (bestEpoch, bestLoss) = (epoch, loss);
                best.CopyFrom(network);
            }

            return epoch - bestEpoch < Patience;
        }, cancellationToken);
        return (best, bestEpoch);
    }

    /// <summary>Learns for a number of epochs.</summary>
    public RankerNetwork Fit(IReadOnlyList<LearnedCase> cases, int epochs, CancellationToken cancellationToken) =>
        Run(cases, epochs, (_, _) => true, cancellationToken);

    private RankerNetwork Run(IReadOnlyList<LearnedCase> cases, int epochs, Func<RankerNetwork, int, bool> goOn, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var network = new RankerNetwork(random);
        var pass = new RankerPass(network);
        var adam = new AdamOptimizer();
        int[] order = [.. Enumerable.Range(0, cases.Count)];
        var gradient = new float[cases.Count == 0 ? 0 : cases.Max(learned => learned.Inputs.Count)];
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            random.Shuffle(order);
            for (var start = 0; start < order.Length; start += CasesInBatch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                pass.ReadWeights();
                var batch = order.AsSpan(start, Math.Min(CasesInBatch, order.Length - start));
                foreach (var place in batch)
                {
                    Learn(pass, cases[place], gradient.AsSpan(0, cases[place].Inputs.Count), batch.Length);
                }

                adam.BeginStep(Rate * MathF.Pow(RateDecay, epoch - 1), WeightDecay);
                foreach (var table in network.Tables)
                {
                    adam.Update(table);
                }

                foreach (var weight in network.Weights)
                {
                    adam.Update(weight);
                }
            }

            if (!goOn(network, epoch))
            {
                break;
            }
        }

        return network;
    }

    private static void Learn(RankerPass pass, LearnedCase learned, Span<float> gradient, int batch)
    {
        ListwiseLoss.Of(pass.Forward(learned.Inputs), learned, gradient);
        System.Numerics.Tensors.TensorPrimitives.Divide(gradient, batch, gradient);
        pass.Backward(learned.Inputs, gradient);
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
