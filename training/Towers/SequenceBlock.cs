namespace ServerlessRec.Training.Towers;

/// <summary>
/// The weights of one block of the sequence tower (Vaswani et al. 2017, normalised before each part): x + attention(norm(x)), then
/// x + network(norm(x)). What an entry sees of the entries before it is weighted by content and by a learned bias of their distance.
/// <see cref="SequenceRow"/> works it out.
/// </summary>
internal sealed class SequenceBlock
{
    private const int Widening = 4;

    public SequenceBlock(string name, int dimensions, int heads, Random random)
    {
        Heads = heads;
        FirstNorm = (Weight.Ones(name + ".norm1.gain", dimensions), Weight.Zeros(name + ".norm1.bias", dimensions));
        SecondNorm = (Weight.Ones(name + ".norm2.gain", dimensions), Weight.Zeros(name + ".norm2.bias", dimensions));
        Queries = Weight.Glorot(name + ".queries", random, dimensions, dimensions);
        Keys = Weight.Glorot(name + ".keys", random, dimensions, dimensions);
        Values = Weight.Glorot(name + ".values", random, dimensions, dimensions);
        Out = Weight.Zeros(name + ".out", dimensions, dimensions);
        Distances = Weight.Zeros(name + ".distances", SequenceDistances.Features, heads);
        Widen = Weight.Glorot(name + ".widen", random, dimensions, Widening * dimensions);
        WidenBias = Weight.Zeros(name + ".widen.bias", Widening * dimensions);
        Narrow = Weight.Zeros(name + ".narrow", Widening * dimensions, dimensions);
        NarrowBias = Weight.Zeros(name + ".narrow.bias", dimensions);
    }

    public int Heads { get; }

    public (Weight Gain, Weight Bias) FirstNorm { get; }

    public (Weight Gain, Weight Bias) SecondNorm { get; }

    public Weight Queries { get; }

    public Weight Keys { get; }

    public Weight Values { get; }

    public Weight Out { get; }

    /// <summary>[K, H]: what the figures of a distance count in each head.</summary>
    public Weight Distances { get; }

    public Weight Widen { get; }

    public Weight WidenBias { get; }

    public Weight Narrow { get; }

    public Weight NarrowBias { get; }

    public IReadOnlyList<Weight> Weights =>
    [
        FirstNorm.Gain, FirstNorm.Bias, SecondNorm.Gain, SecondNorm.Bias, Queries, Keys, Values, Out, Distances, Widen, WidenBias, Narrow, NarrowBias,
    ];
}
