using System.Numerics.Tensors;
using ServerlessRec.Training.Kernels;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>
/// The loss: softmax cross-entropy of each pair's target among the batch's columns, logits = cosine / temperature + popularity prior − logQ,
/// negatives that the user knows masked.
/// </summary>
/// <remarks>
/// Logits and their gradient are worked out a few rows at a time, in the core's cache, where no matrix of [B, C] is ever written to memory. The same number of threads gives the same bits.
/// </remarks>
internal sealed unsafe class SampledSoftmax(double temperature, int threads)
{
    private const int RowsAtOnce = 48, Panel = 64;

    private readonly int _threads = threads == 0 ? Environment.ProcessorCount : threads;
    private readonly FloatBuffer _users = new(), _byUsers = new(), _columns = new(), _panels = new();
    private readonly SoftmaxBlock[] _blocks = [.. Enumerable.Range(0, threads == 0 ? Environment.ProcessorCount : threads).Select(_ => new SoftmaxBlock())];

    /// <summary>Loss and gradients; the prior's gradient is added to it.</summary>
    /// <param name="users">User vectors [B, D].</param>
    /// <param name="columns">Item vectors of the columns [C, D].</param>
    /// <param name="prior">[K, 1] exponents of the popularity prior.</param>
    /// <param name="batch">Labels, corrections, masks, weights.</param>
    public LossGradients Of(float[] users, float[] columns, Weight prior, TrainingBatch batch)
    {
        var dimensions = users.Length / batch.Count;
        var shape = new SoftmaxShape(batch.Count, batch.Columns.Length, (batch.Columns.Length + Panel - 1) / Panel * Panel, MatrixProduct.Padded(dimensions));
        var exponents = prior.Numbers.ToArray();
        var offsets = Offsets(batch, exponents, shape); // [intervals, C]
        Pad(users, _users, shape.Rows, dimensions, shape.Width, (float)(1 / temperature));
        Pad(columns, _columns, shape.PaddedColumns, dimensions, shape.Width, 1);
        _panels.Room((long)shape.Width * shape.PaddedColumns);
        _byUsers.Room((long)shape.Rows * shape.Width);
        ForBlocks(shape.PaddedColumns / Panel, (_, start, end) => WritePanels(shape.Width, start, end));
        ForBlocks(shape.Rows, (block, start, end) => Run(_blocks[block], batch, shape, offsets, start, end));
        var sum = _blocks[0];
        foreach (var other in _blocks.AsSpan(1))
        {
            sum.Add(other, offsets.Length, shape);
        }

        prior.AddGradient(ByExponents(batch, new ReadOnlySpan<float>(sum.ByOffsets.Start, offsets.Length), shape, exponents.Length));
        return new LossGradients(
            _blocks.Sum(block => block.Loss),
            Unpadded(_byUsers, shape.Rows, dimensions, shape.Width, (float)(1 / temperature)),
            Unpadded(sum.ByColumns, shape.Columns, dimensions, shape.Width, 1));
    }

    private void ForBlocks(int count, Action<int, int, int> run) =>
        Parallel.For(0, _threads, block => run(block, (int)((long)count * block / _threads), (int)((long)count * (block + 1) / _threads)));

    // The columns' vectors transposed, in panels that lie together: a strip of the whole would touch another page at every step.
    private void WritePanels(int width, int start, int end)
    {
        for (var panel = start; panel < end; panel++)
        {
            var place = (long)panel * Panel * width;
            MatrixProduct.Transpose(_columns.Start + place, width, _panels.Start + place, Panel, Panel, width);
        }
    }

    private void Run(SoftmaxBlock block, TrainingBatch batch, SoftmaxShape shape, float[] offsets, int start, int end)
    {
        var (width, columns) = (shape.Width, shape.PaddedColumns);
        var logits = block.Logits.Room((long)RowsAtOnce * columns);
        var byColumns = block.ByColumns.Zeros((long)columns * width);
        var byOffsets = block.ByOffsets.Zeros(offsets.Length);
        block.Loss = 0;
        for (var first = start; first < end; first += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, end - first);
            var users = _users.Start + ((long)first * width);
            for (var panel = 0; panel < columns; panel += Panel)
            {
                MatrixProduct.Multiply(users, width, 1, _panels.Start + ((long)panel * width), Panel, logits + panel, columns, rows, width, Panel);
            }

            for (var row = 0; row < rows; row++)
            {
                var interval = batch.Intervals[first + row] * columns;
                block.Loss += TurnIntoGradient(
                    new Span<float>(logits + ((long)row * columns), columns), batch, first + row, offsets.AsSpan(interval, columns), new Span<float>(byOffsets + interval, columns));
            }

            MatrixProduct.Multiply(logits, columns, 1, _columns.Start, width, _byUsers.Start + ((long)first * width), width, rows, columns, width);
            MatrixProduct.Multiply(logits, 1, columns, users, width, byColumns, width, columns, rows, width, adds: true);
        }
    }

    // Masked columns and padding lie at minus infinity: their share is zero.
    private static double TurnIntoGradient(Span<float> logit, TrainingBatch batch, int row, ReadOnlySpan<float> offsets, Span<float> byOffset)
    {
        TensorPrimitives.Add(logit, offsets, logit);
        var label = batch.Labels[row];
        var target = logit[label];
        foreach (var column in batch.MaskedOf(row))
        {
            logit[column] = float.NegativeInfinity;
        }

        logit[label] = target;
        var largest = TensorPrimitives.Max<float>(logit);
        var wanted = target - largest;
        TensorPrimitives.Subtract(logit, largest, logit);
        TensorPrimitives.Exp(logit, logit);
        var sum = TensorPrimitives.Sum<float>(logit);
        var weight = batch.PairWeights[row] / batch.Count;
        TensorPrimitives.Multiply(logit, weight / sum, logit);
        logit[label] -= weight;
        TensorPrimitives.Add(byOffset, logit, byOffset);
        return weight * (Math.Log(sum) - wanted);
    }

    private static float[] Offsets(TrainingBatch batch, float[] exponents, SoftmaxShape shape)
    {
        var plane = batch.Popularity.Length / exponents.Length;
        var offsets = new float[plane / shape.Columns * shape.PaddedColumns];
        Array.Fill(offsets, float.NegativeInfinity);
        for (var (at, to) = (0, 0); at < plane; at += shape.Columns, to += shape.PaddedColumns)
        {
            var row = offsets.AsSpan(to, shape.Columns);
            TensorPrimitives.Negate(batch.LogInclusion, row);
            for (var feature = 0; feature < exponents.Length; feature++)
            {
                TensorPrimitives.MultiplyAdd(batch.Popularity.AsSpan((feature * plane) + at, shape.Columns), exponents[feature], row, row);
            }
        }

        return offsets;
    }

    private static float[] ByExponents(TrainingBatch batch, ReadOnlySpan<float> byOffsets, SoftmaxShape shape, int features)
    {
        var gradient = new float[features];
        var plane = batch.Popularity.Length / features;
        for (var (at, from) = (0, 0); at < plane; at += shape.Columns, from += shape.PaddedColumns)
        {
            for (var feature = 0; feature < features; feature++)
            {
                gradient[feature] += TensorPrimitives.Dot(batch.Popularity.AsSpan((feature * plane) + at, shape.Columns), byOffsets.Slice(from, shape.Columns));
            }
        }

        return gradient;
    }

    private static void Pad(float[] matrix, FloatBuffer buffer, int rows, int dimensions, int width, float scale)
    {
        var padded = buffer.Zeros((long)rows * width);
        for (var row = 0; row < matrix.Length / dimensions; row++)
        {
            TensorPrimitives.Multiply(matrix.AsSpan(row * dimensions, dimensions), scale, new Span<float>(padded + ((long)row * width), dimensions));
        }
    }

    private static float[] Unpadded(FloatBuffer buffer, int rows, int dimensions, int width, float scale)
    {
        var numbers = new float[rows * dimensions];
        for (var row = 0; row < rows; row++)
        {
            TensorPrimitives.Multiply(new ReadOnlySpan<float>(buffer.Start + ((long)row * width), dimensions), scale, numbers.AsSpan(row * dimensions, dimensions));
        }

        return numbers;
    }

    /// <summary>Sizes of a batch's matrices; columns and dimensions padded as products want them.</summary>
    private readonly record struct SoftmaxShape(int Rows, int Columns, int PaddedColumns, int Width);

    /// <summary>What one thread writes to.</summary>
    private sealed class SoftmaxBlock
    {
        public FloatBuffer Logits { get; } = new();

        public FloatBuffer ByColumns { get; } = new();

        public FloatBuffer ByOffsets { get; } = new();

        public double Loss { get; set; }

        public void Add(SoftmaxBlock other, int offsets, SoftmaxShape shape)
        {
            Add(ByColumns, other.ByColumns, shape.PaddedColumns * shape.Width);
            Add(ByOffsets, other.ByOffsets, offsets);
        }

        private static void Add(FloatBuffer sum, FloatBuffer part, int length)
        {
            var numbers = new Span<float>(sum.Start, length);
            TensorPrimitives.Add(numbers, new ReadOnlySpan<float>(part.Start, length), numbers);
        }
    }
}
