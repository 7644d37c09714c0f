using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class AverageWeightsTests
{
    [Fact]
    public void Averages_follow_what_the_steps_left_and_lie_between_them()
    {
        var towers = TinyWorld.Untrained(TinyWorld.Make());
        var average = new AverageWeights(towers, stepsOfAnEpoch: 64);
        var weight = towers.Weights[0];
        for (var step = 1; step <= 4000; step++)
        {
            weight.Numbers.Fill(step % 16 == 0 ? 3 : 1); // every other step that is taken in
            towers.Items.Tables[0].Values.AsSpan().Fill(5);
            average.Add(step);
        }

        average.Swap();
        Assert.All(weight.Numbers.ToArray(), number => Assert.InRange(number, 1.5f, 2.5f));
        Assert.All(towers.Items.Tables[0].Values, number => Assert.Equal(5, number, 1e-3f));
    }

    [Fact]
    public void A_second_exchange_puts_the_towers_numbers_back()
    {
        var towers = TinyWorld.Untrained(TinyWorld.Make());
        var average = new AverageWeights(towers, stepsOfAnEpoch: 64);
        var weight = towers.Weights[0];
        weight.Numbers.Fill(7);
        average.Swap();
        Assert.DoesNotContain(7f, weight.Numbers.ToArray());
        average.Swap();
        Assert.All(weight.Numbers.ToArray(), number => Assert.Equal(7, number));
    }
}
