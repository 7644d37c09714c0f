using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;
using TorchSharp;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class BinaryLossTests
{
    [Fact]
    public void Loss_and_gradients_written_by_hand_are_TorchSharps()
    {
        using var scope = torch.NewDisposeScope();
        float[] userNumbers = [0.6f, 0.8f, 1, 0], columnNumbers = [1f, 0, 0, 1, -0.6f, 0.8f];
        var users = torch.tensor(userNumbers, [2, 2]);
        var columns = torch.tensor(columnNumbers, [3, 2]);
        users.requires_grad = true;
        columns.requires_grad = true;
        var logits = users.mm(columns.t()) / torch.tensor(0.25f);
        var asked = logits.view(6).index(torch.TensorIndex.Tensor(torch.tensor(new long[] { 1, 5, 0, 4 })));
        var expected = torch.nn.functional.binary_cross_entropy_with_logits(
            asked, torch.tensor([1f, 1, 0, 0]), reduction: torch.nn.Reduction.Sum) / torch.tensor(2f);
        expected.backward();

        var actual = new BinaryLoss(temperature: 0.25).Of(userNumbers, columnNumbers, Batch());
        Assert.Equal(expected.item<float>(), actual.Value, 1e-5);
        Assert.All(users.grad!.data<float>().Zip(actual.Users), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(columns.grad!.data<float>().Zip(actual.Columns), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static TrainingBatch Batch() => new()
    {
        Count = 2,
        Items = [0, 1, 2],
        WithoutId = [false, false, false],
        Histories = HistoryBatch.Of(2, 1),
        Columns = [0, 1, 2],
        LogInclusion = [],
        Popularity = [],
        Intervals = [],
        Labels = [1, 2],
        Negatives = [0, 1],
        PairWeights = [1, 1],
        Masked = [],
        Masks = [],
    };
}
