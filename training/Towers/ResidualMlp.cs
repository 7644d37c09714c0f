namespace ServerlessRec.Training.Towers;

/// <summary>
/// Weights of x → relu(x · W1 + b1) · W2 + b2, to be added to x. W2 starts at zero, so a network begins as the plain sum or mean beside it.
/// </summary>
internal sealed class ResidualMlp(string name, int inputs, int hidden, int outputs, Random random)
{
    /// <summary>[inputs, hidden].</summary>
    public Weight First { get; } = Weight.Glorot(name + ".first", random, inputs, hidden);

    public Weight FirstBias { get; } = Weight.Zeros(name + ".first.bias", hidden);

    /// <summary>[hidden, outputs].</summary>
    public Weight Second { get; } = Weight.Zeros(name + ".second", hidden, outputs);

    public Weight SecondBias { get; } = Weight.Zeros(name + ".second.bias", outputs);

    public IReadOnlyList<Weight> Weights => [First, FirstBias, Second, SecondBias];
}
