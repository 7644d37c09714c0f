using ServerlessRec.Training.Towers;
using TorchSharp;
using static TorchSharp.torch;

namespace ServerlessRec.Training.Learning;

/// <summary>Binary cross-entropy of each pair's target and one negative; a logit is cosine / temperature.</summary>
internal sealed class BinaryLoss(double temperature) : IDisposable
{
    private readonly Scalar _scale = (1 / temperature).ToScalar();

    /// <summary>Loss and gradients.</summary>
    /// <param name="users">User vectors [B, D].</param>
    /// <param name="columns">Item vectors of the columns [C, D].</param>
    /// <param name="batch">Labels and negatives.</param>
    public LossGradients Of(Tensor users, Tensor columns, TrainingBatch batch)
    {
        var (byUsers, byColumns) = (users.detach(), columns.detach());
        byUsers.requires_grad = true;
        byColumns.requires_grad = true;
        var scaled = byUsers * _scale;
        var wanted = (scaled * byColumns.Rows(Longs(batch.Labels))).sum(1); // [B]
        var drawn = (scaled * byColumns.Rows(Longs(batch.Negatives))).sum(1); // [B]

        // TorchSharp's softplus takes its settings as scalars that the collector may free; this is the same.
        var loss = nn.functional.logsigmoid(wanted).Plus(nn.functional.logsigmoid(-drawn)).mean().neg();
        loss.backward();
        return new LossGradients(loss.item<float>(), byUsers.grad!, byColumns.grad!);
    }

    public void Dispose() => _scale.Dispose();

    private static Tensor Longs(int[] numbers) => torch.tensor(Array.ConvertAll(numbers, number => (long)number));
}
