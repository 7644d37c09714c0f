using System.Numerics.Tensors;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Onnx;

/// <summary>
/// A block's weights as its graph multiplies by them: what is multiplied by the same rows stands side by side, so that a block is few large
/// products, and biases that another addend would keep out of a product are rows of it.
/// </summary>
/// <param name="block">The weights.</param>
/// <param name="name">Begins the constants' names.</param>
/// <param name="dimensions">D'.</param>
internal sealed class SequenceBlockConstants(SequenceBlock block, string name, int dimensions)
{
    public string Name => name;

    public SequenceBlock Block => block;

    /// <summary>[D', 3·D']: queries with the attention's scale.</summary>
    public float[] QueriesKeysValues
    {
        get
        {
            var queries = block.Queries.Numbers.ToArray();
            TensorPrimitives.Multiply(queries, (float)Scale, queries);
            return Beside(Beside(queries, block.Keys.Numbers), block.Values.Numbers);
        }
    }

    /// <summary>[D', H·D']: of each head, from an entry to what its query wants of another, with the attention's scale.</summary>
    public float[] QueriesByKeys
    {
        get
        {
            var product = new float[dimensions * block.Heads * dimensions];
            for (var at = 0; at < product.Length; at++)
            {
                var (row, head, column) = (at / (block.Heads * dimensions), at / dimensions % block.Heads, at % dimensions);
                product[at] = (float)(Scale * Dot(HeadOf(block.Queries, row, head), HeadOf(block.Keys, column, head), 1));
            }

            return product;
        }
    }

    /// <summary>[H·D', D']: from what each head saw of the entries to what it adds.</summary>
    public float[] ValuesByOut
    {
        get
        {
            var product = new float[block.Heads * dimensions * dimensions];
            for (var at = 0; at < product.Length; at++)
            {
                var (head, row, column) = (at / (dimensions * dimensions), at / dimensions % dimensions, at % dimensions);
                var value = HeadOf(block.Values, row, head);
                product[at] = (float)Dot(value, block.Out.Numbers[((head * value.Length * dimensions) + column)..], dimensions);
            }

            return product;
        }
    }

    /// <summary>[D', units + 1]: a last unit that is 1 always.</summary>
    public float[] Widen => Beside(block.Widen.Numbers, new float[dimensions]);

    /// <summary>[units + 1].</summary>
    public float[] WidenBias => [.. block.WidenBias.Numbers, 1];

    /// <summary>[units + 1, D']: the last row is the bias.</summary>
    public float[] Narrow => [.. block.Narrow.Numbers, .. block.NarrowBias.Numbers];

    /// <summary>[2·N, H]: what is added to the logits of an entry that lies N − row back; those that come later lie <see cref="SequenceTowerNetwork.Never"/> below.</summary>
    public float[] ByDistance(int longest)
    {
        var weights = block.Distances.Numbers;
        var table = new float[2 * longest * block.Heads];
        table.AsSpan(0, longest * block.Heads).Fill(-SequenceTowerNetwork.Never);
        Span<float> figures = stackalloc float[SequenceDistances.Features];
        for (var at = longest * block.Heads; at < table.Length; at++)
        {
            SequenceDistances.Write((at / block.Heads) - longest, figures);
            for (var feature = 0; feature < figures.Length; feature++)
            {
                table[at] += figures[feature] * weights[(feature * block.Heads) + (at % block.Heads)];
            }
        }

        return table;
    }

    /// <summary>[H, N, N]: the same from each place to each other.</summary>
    public float[] BetweenPlaces(int longest)
    {
        var (byDistance, heads) = (ByDistance(longest), block.Heads);
        var places = new float[heads * longest * longest];
        for (var at = 0; at < places.Length; at++)
        {
            var (head, from, to) = (at / (longest * longest), at / longest % longest, at % longest);
            places[at] = byDistance[((longest + from - to) * heads) + head];
        }

        return places;
    }

    private double Scale => 1 / Math.Sqrt((double)dimensions / block.Heads);

    private ReadOnlySpan<float> HeadOf(Weight weight, int row, int head)
    {
        var width = dimensions / block.Heads;
        return weight.Numbers.Slice((row * dimensions) + (head * width), width);
    }

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right, int rightStep)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += (double)left[i] * right[i * rightStep];
        }

        return sum;
    }

    // [D', a] and [D', b] → [D', a + b].
    private float[] Beside(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var (leftWidth, rightWidth) = (left.Length / dimensions, right.Length / dimensions);
        var both = new float[left.Length + right.Length];
        for (var row = 0; row < dimensions; row++)
        {
            var to = both.AsSpan(row * (leftWidth + rightWidth));
            left.Slice(row * leftWidth, leftWidth).CopyTo(to);
            right.Slice(row * rightWidth, rightWidth).CopyTo(to[leftWidth..]);
        }

        return both;
    }
}
