using static TorchSharp.torch;

namespace ServerlessRec.Training.Towers;

/// <summary>x → relu(x · W1 + b1) · W2 + b2, to be added to x. W2 starts at zero, so a network begins as the plain sum or mean beside it.</summary>
internal sealed class ResidualMlp(string name, int inputs, int hidden, int outputs, Random random)
{
    public Weight First { get; } = Weight.Glorot(name + ".first", random, inputs, hidden);

    public Weight FirstBias { get; } = Weight.Zeros(name + ".first.bias", hidden);

    public Weight Second { get; } = Weight.Zeros(name + ".second", hidden, outputs);

    public Weight SecondBias { get; } = Weight.Zeros(name + ".second.bias", outputs);

    public IReadOnlyList<Weight> Weights => [First, FirstBias, Second, SecondBias];

    /// <summary>[B, inputs] → [B, outputs].</summary>
    public Tensor Forward(Tensor x)
    {
        var hiddenUnits = addmm(FirstBias.Value, x, First.Value, 1, 1).relu(); // [B, hidden]
        return addmm(SecondBias.Value, hiddenUnits, Second.Value, 1, 1);
    }
}
