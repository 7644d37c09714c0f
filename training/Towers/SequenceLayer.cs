using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>What one block made of one history, kept for the way back. D and all widths padded; L entries.</summary>
internal sealed unsafe class SequenceLayer
{
    private readonly FloatBuffer _standardised = new(), _normed = new(), _inverse = new(), _projected = new(), _shares = new(), _seen = new();
    private readonly FloatBuffer _kept = new(), _secondStandardised = new(), _secondNormed = new(), _secondInverse = new(), _wide = new(), _secondKept = new();

    /// <summary>x becomes the block's output.</summary>
    /// <param name="pass">Weights and what a thread works with.</param>
    /// <param name="block">Which block.</param>
    /// <param name="x">[L, D].</param>
    /// <param name="length">L.</param>
    /// <param name="seed">Of the dropout; null: none.</param>
    public void Forward(SequencePass pass, int block, float* x, int length, uint? seed)
    {
        var (weights, norm) = (pass.Matrices[block], pass.Norm);
        var (width, numbers) = (weights.Width, length * weights.Width);
        var normed = _normed.Room(numbers);
        norm.Forward(x, weights.FirstGain, weights.FirstBias, _standardised.Room(numbers), _inverse.Room(length), normed, length);
        var projected = _projected.Room((long)length * weights.Projected);
        MatrixProduct.Multiply(normed, width, 1, weights.Projections, weights.Projected, projected, weights.Projected, length, width, weights.Projected);
        var seen = _seen.Room((long)length * weights.Joined);
        var shares = _shares.Room((long)weights.Heads * length * SequenceAttention.SharesWidth(length));
        for (var head = 0; head < weights.Heads; head++)
        {
            pass.Attention.Forward(
                projected + (head * weights.HeadWidth), weights, pass.BiasOf(block, head), pass.Scale, shares + (head * (long)length * SequenceAttention.SharesWidth(length)), seen + (head * weights.HeadWidth), length);
        }

        var added = pass.Added.Room(numbers);
        MatrixProduct.Multiply(seen, weights.Joined, 1, weights.Out, width, added, width, length, weights.Joined, width);
        Add(x, added, _kept, numbers, pass.DropShare, seed);

        normed = _secondNormed.Room(numbers);
        norm.Forward(x, weights.SecondGain, weights.SecondBias, _secondStandardised.Room(numbers), _secondInverse.Room(length), normed, length);
        var wide = _wide.Room((long)length * weights.WideWidth);
        Fill(wide, weights.WidenBias, weights.WideWidth, length);
        MatrixProduct.Multiply(normed, width, 1, weights.Widen, weights.WideWidth, wide, weights.WideWidth, length, width, weights.WideWidth, adds: true);
        var hidden = new Span<float>(wide, length * weights.WideWidth);
        TensorPrimitives.Max(hidden, 0, hidden);
        Fill(added, weights.NarrowBias, width, length);
        MatrixProduct.Multiply(wide, weights.WideWidth, 1, weights.Narrow, width, added, width, length, weights.WideWidth, width, adds: true);
        Add(x, added, _secondKept, numbers, pass.DropShare, seed + 1);
    }

    /// <summary>The loss by the block's output becomes the loss by its input; the weights' gradients are added up.</summary>
    /// <param name="pass">Weights and what a thread works with.</param>
    /// <param name="block">Which block.</param>
    /// <param name="byX">[L, D].</param>
    /// <param name="length">L.</param>
    /// <param name="isDropped">True: <see cref="Forward"/> dropped.</param>
    public void Backward(SequencePass pass, int block, float* byX, int length, bool isDropped)
    {
        var (weights, sums, width, numbers) = (pass.Matrices[block], pass.Gradients[block], pass.Matrices[block].Width, length * pass.Matrices[block].Width);
        var by = pass.Added.Room(numbers);
        Drop(byX, _secondKept, by, numbers, isDropped);
        MatrixProduct.Multiply(_wide.Start, 1, weights.WideWidth, by, width, sums.Narrow, width, weights.WideWidth, length, width, adds: true);
        AddRows(by, sums.NarrowBias, width, length);
        var byWide = pass.Wide.Room((long)length * weights.WideWidth);
        MatrixProduct.Multiply(by, width, 1, weights.NarrowBack, weights.WideWidth, byWide, weights.WideWidth, length, width, weights.WideWidth);
        Rectify(byWide, _wide.Start, length * weights.WideWidth);
        MatrixProduct.Multiply(_secondNormed.Start, 1, width, byWide, weights.WideWidth, sums.Widen, weights.WideWidth, width, length, weights.WideWidth, adds: true);
        AddRows(byWide, sums.WidenBias, weights.WideWidth, length);
        MatrixProduct.Multiply(byWide, weights.WideWidth, 1, weights.WidenBack, width, by, width, length, weights.WideWidth, width);
        pass.Norm.Backward(by, weights.SecondGain, _secondStandardised.Start, _secondInverse.Start, byX, sums.SecondGain, sums.SecondBias, length);

        Drop(byX, _kept, by, numbers, isDropped);
        MatrixProduct.Multiply(_seen.Start, 1, weights.Joined, by, width, sums.Out, width, weights.Joined, length, width, adds: true);
        var bySeen = pass.Seen.Room((long)length * weights.Joined);
        MatrixProduct.Multiply(by, width, 1, weights.OutBack, weights.Joined, bySeen, weights.Joined, length, width, weights.Joined);
        var byProjected = pass.Wide.Room((long)length * weights.Projected);
        for (var head = 0; head < weights.Heads; head++)
        {
            var offset = head * weights.HeadWidth;
            pass.Attention.Backward(
                _projected.Start + offset, weights, pass.Scale, _shares.Start + (head * (long)length * SequenceAttention.SharesWidth(length)), bySeen + offset, byProjected + offset, pass.BiasGradientOf(block, head), length);
        }

        MatrixProduct.Multiply(_normed.Start, 1, width, byProjected, weights.Projected, sums.Projections, weights.Projected, width, length, weights.Projected, adds: true);
        MatrixProduct.Multiply(byProjected, weights.Projected, 1, weights.ProjectionsBack, width, by, width, length, weights.Projected, width);
        pass.Norm.Backward(by, weights.FirstGain, _standardised.Start, _inverse.Start, byX, sums.FirstGain, sums.FirstBias, length);
    }

    private static void Add(float* x, float* added, FloatBuffer kept, int numbers, double share, uint? seed)
    {
        if (seed is { } given)
        {
            Dropout.Apply(added, kept.Room(numbers), numbers, share, given);
        }

        var sum = new Span<float>(x, numbers);
        TensorPrimitives.Add(sum, new ReadOnlySpan<float>(added, numbers), sum);
    }

    private static void Drop(float* from, FloatBuffer kept, float* to, int numbers, bool isDropped)
    {
        var source = new ReadOnlySpan<float>(from, numbers);
        var target = new Span<float>(to, numbers);
        if (isDropped)
        {
            TensorPrimitives.Multiply(source, new ReadOnlySpan<float>(kept.Start, numbers), target);
        }
        else
        {
            source.CopyTo(target);
        }
    }

    private static void Fill(float* rows, float* bias, int width, int length)
    {
        for (var row = 0; row < length; row++)
        {
            new ReadOnlySpan<float>(bias, width).CopyTo(new Span<float>(rows + ((long)row * width), width));
        }
    }

    private static void AddRows(float* rows, float* sum, int width, int length)
    {
        var total = new Span<float>(sum, width);
        for (var row = 0; row < length; row++)
        {
            TensorPrimitives.Add(total, new ReadOnlySpan<float>(rows + ((long)row * width), width), total);
        }
    }

    private static void Rectify(float* gradient, float* value, int numbers)
    {
        for (var at = 0; at < numbers; at += MatrixProduct.Width)
        {
            var isPositive = Vector512.GreaterThan(Vector512.Load(value + at), Vector512<float>.Zero);
            (Vector512.Load(gradient + at) & isPositive).Store(gradient + at);
        }
    }
}
