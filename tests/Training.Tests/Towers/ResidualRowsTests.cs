using ServerlessRec.Training.Towers;
using TorchSharp;

namespace ServerlessRec.Training.Tests.Towers;

public sealed class ResidualRowsTests
{
    private const int Inputs = 20, Hidden = 17, Rows = 101;

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(false, 2)]
    public void Vectors_and_gradients_written_by_hand_are_TorchSharps(bool hasResidual, int threads)
    {
        using var scope = torch.NewDisposeScope();
        var random = new Random(5);
        var outputs = hasResidual ? 11 : Inputs;
        var mlp = new ResidualMlp("mlp", Inputs, Hidden, outputs, random);
        var residual = hasResidual ? Weight.Glorot("residual", random, Inputs, outputs) : null;
        Weight[] weights = residual is null ? [.. mlp.Weights] : [.. mlp.Weights, residual];
        foreach (var weight in weights)
        {
            foreach (ref var number in weight.Numbers)
            {
                number += random.NextSingle() - 0.5f; // zeros would hide mistakes
            }
        }

        float[] x = Numbers(Rows * Inputs, random), wanted = Numbers(Rows * outputs, random);
        var input = Leaf(x, Rows, Inputs);
        torch.Tensor[] parameters = [.. weights.Select(weight => Leaf(weight.Numbers.ToArray(), weight.Shape))];
        var hidden = torch.nn.functional.relu(input.mm(parameters[0]) + parameters[1]);
        var sum = hidden.mm(parameters[2]) + parameters[3] + (hasResidual ? input.mm(parameters[4]) : input);
        var expected = torch.nn.functional.normalize(sum, 2, 1, UnitLength.Shortest);
        (expected * torch.tensor(wanted, [Rows, outputs])).sum().backward();

        var rows = new ResidualRows(mlp, residual, threads);
        AssertSame(expected, rows.Forward(x));
        AssertSame(input.grad!, rows.Backward(wanted));
        for (var place = 0; place < weights.Length; place++)
        {
            AssertSame(parameters[place].grad!, weights[place].Gradient!);
        }
    }

    private static torch.Tensor Leaf(float[] numbers, params long[] shape)
    {
        var tensor = torch.tensor(numbers, shape);
        tensor.requires_grad = true;
        return tensor;
    }

    private static void AssertSame(torch.Tensor expected, float[] actual)
    {
        Assert.Equal(expected.numel(), actual.Length);
        Assert.All(expected.detach().contiguous().data<float>().Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private static float[] Numbers(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
