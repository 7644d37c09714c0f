using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;
using TorchSharp;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class SampledSoftmaxTests
{
    [Fact]
    public void Loss_and_gradients_written_by_hand_are_TorchSharps()
    {
        using var scope = torch.NewDisposeScope();
        var batch = Batch();
        float[] userNumbers = [0.6f, 0.8f, 1, 0, 0, -1], columnNumbers = [1f, 0, 0, 1, -0.6f, 0.8f, 0.8f, 0.6f];
        var users = torch.tensor(userNumbers, [3, 2]);
        var columns = torch.tensor(columnNumbers, [4, 2]);
        users.requires_grad = true;
        columns.requires_grad = true;
        var prior = Weight.Zeros("prior", 2, 1);
        prior.Numbers[0] = 0.5f;
        prior.Numbers[1] = -0.3f;
        var exponents = torch.tensor(prior.Numbers.ToArray(), [2]);
        exponents.requires_grad = true;

        using var scale = 2.0.ToScalar();
        using var never = (-1e9).ToScalar();
        var offsets = exponents.matmul(torch.tensor(batch.Popularity, [2, 8])).view(2, 4) - torch.tensor(batch.LogInclusion, [1, 4]);
        var logits = (users * scale).mm(columns.t()).add(offsets.index(torch.TensorIndex.Tensor(torch.tensor(new long[] { 0, 1, 1 }))));
        logits = logits.index_fill(0, torch.tensor(Array.Empty<long>()), never);
        var mask = torch.tensor([0f, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0], [3, 4]) * never;
        var losses = torch.nn.functional.cross_entropy(logits.add(mask), torch.tensor(new long[] { 1, 3, 0 }), reduction: torch.nn.Reduction.None);
        var expected = losses.dot(torch.tensor(batch.PairWeights)) / torch.tensor(3f);
        expected.backward();

        var softmax = new SampledSoftmax(temperature: 0.5, threads: 2);
        var actual = softmax.Of(userNumbers, columnNumbers, prior, batch);
        Assert.Equal(expected.item<float>(), actual.Value, 1e-5);
        AssertSame(users.grad!, actual.Users);
        AssertSame(columns.grad!, actual.Columns);
        AssertSame(exponents.grad!, prior.Gradient!);
    }

    private static void AssertSame(torch.Tensor expected, float[] actual) =>
        Assert.All(expected.data<float>().Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

    private static TrainingBatch Batch() => new()
    {
        Count = 3,
        Items = [0, 1, 2, 3],
        WithoutId = [false, false, false, false],
        Histories = HistoryBatch.Of(3, 1),
        Columns = [0, 1, 2, 3],
        LogInclusion = [-0.1f, -0.5f, -1, -2],
        Popularity = [.. Enumerable.Range(0, 16).Select(number => number * 0.1f)],
        Intervals = [0, 1, 1],
        Labels = [1, 3, 0],
        Negatives = [],
        PairWeights = [1, 0.5f, 1.5f],
        Masked = [0, 2, 0],
        Masks = [0..0, 0..1, 1..3],
    };
}
