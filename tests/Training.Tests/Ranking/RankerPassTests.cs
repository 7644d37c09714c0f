using ServerlessRec.Training.Ranking;

namespace ServerlessRec.Training.Tests.Ranking;

public sealed class RankerPassTests
{
    [Fact]
    public void Every_gradient_is_what_small_steps_say()
    {
        var network = RankerWorlds.Random();
        var learned = new LearnedCase(RankerWorlds.Inputs(7, new Random(3)), [0, 0, 0, 0, 0.7f, 0.7f, 0.7f], [1, 3], [0, 0]);
        var pass = new RankerPass(network);
        var gradient = new float[7];
        pass.ReadWeights();
        var loss = ListwiseLoss.Of(pass.Forward(learned.Inputs), learned, gradient);
        pass.Backward(learned.Inputs, gradient);
        foreach (var table in network.Tables)
        {
            Assert.NotEmpty(table.Touched);
            Check(table.Name, table.Values, table.Gradients);
        }

        foreach (var weight in network.Weights)
        {
            Check(weight.Name, weight.Numbers, weight.Gradient);
        }

        void Check(string name, Span<float> numbers, float[]? gradients)
        {
            const float Step = 1e-3f;
            Assert.NotNull(gradients);
            Assert.Contains(gradients, number => number != 0);
            for (var at = 0; at < numbers.Length; at++)
            {
                // Row 0 is padding: it has no gradient and nothing changes it.
                if (gradients[at] == 0 && name is "embeddings" or "first_order")
                {
                    continue;
                }

                // To either side, because a step to one may turn a hidden unit on or off.
                var (up, down) = (Slope(ref numbers[at], Step), Slope(ref numbers[at], -Step));
                Assert.True(Math.Min(Math.Abs(up - gradients[at]), Math.Abs(down - gradients[at])) < 3e-3, $"{name}[{at}]: {up} or {down} against {gradients[at]}");
            }
        }

        double Slope(ref float number, float step)
        {
            var kept = number;
            number = kept + step;
            var moved = Loss();
            number = kept;
            return (moved - loss) / step;
        }

        double Loss()
        {
            pass.ReadWeights();
            return ListwiseLoss.Of(pass.Forward(learned.Inputs), learned, new float[7]);
        }
    }

    [Fact]
    public void An_untrained_ranker_says_what_the_retrieval_says()
    {
        var inputs = RankerWorlds.Inputs(50, new Random(3));
        var pass = new RankerPass(new RankerNetwork(new Random(1)));
        pass.ReadWeights();
        Assert.Equal(inputs.ScoreSteps.ToArray().Select(step => 4 * step), pass.Forward(inputs).ToArray());
    }

    [Fact]
    public void A_candidate_that_was_drawn_for_several_counts_as_several()
    {
        var inputs = RankerWorlds.Inputs(2, new Random(3));
        var gradient = new float[2];
        var loss = ListwiseLoss.Of([1, 1], new LearnedCase(inputs, [0, MathF.Log(9)], [0], [0]), gradient);
        Assert.Equal(Math.Log(10), loss, 1e-6);
        Assert.Equal(-0.9f, gradient[0], 1e-6f);
        Assert.Equal(0.9f, gradient[1], 1e-6f);
    }

    [Fact]
    public void What_was_chosen_later_teaches_nothing_before()
    {
        var learned = new LearnedCase(RankerWorlds.Inputs(3, new Random(3)), [0, 0, 0], [0, 2], [10, 20]);
        Assert.Null(learned.Before(10));
        Assert.Equal([0], learned.Before(20)!.Chosen);
        Assert.Equal([0, 2], learned.Before(21)!.Chosen);
    }
}
