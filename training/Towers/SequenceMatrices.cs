using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// A copy of one block's weights as <see cref="SequenceRow"/> reads them on all threads: sides padded to <see cref="MatrixProduct.Width"/>, each
/// head by itself, queries, keys and values side by side; and the same transposed, for the way back.
/// </summary>
/// <remarks>Also the form that gradients are added up in: the copy of a block whose weights are zero.</remarks>
internal sealed unsafe class SequenceMatrices
{
    private readonly FloatBuffer _numbers = new();
    private readonly int _dimensions;
    private readonly int _head;
    private readonly int _wide;

    public SequenceMatrices(SequenceBlock block)
    {
        (_dimensions, Heads, _wide) = ((int)block.Queries.Shape[0], block.Heads, (int)block.Widen.Shape[1]);
        _head = _dimensions / Heads;
        Width = MatrixProduct.Padded(_dimensions);
        HeadWidth = MatrixProduct.Padded(_head);
        WideWidth = MatrixProduct.Padded(_wide);
        long[] sizes = [Width * Projected, Joined * Width, Width * WideWidth, WideWidth * Width, WideWidth, Width, Width, Width, Width, Width];
        var weights = sizes.Sum();
        Length = (int)weights;
        var at = _numbers.Zeros(weights + (2L * Width * (Projected + Joined + (2 * WideWidth))));
        Projections = at;
        Out = Projections + sizes[0];
        Widen = Out + sizes[1];
        Narrow = Widen + sizes[2];
        WidenBias = Narrow + sizes[3];
        NarrowBias = WidenBias + sizes[4];
        FirstGain = NarrowBias + sizes[5];
        FirstBias = FirstGain + sizes[6];
        SecondGain = FirstBias + sizes[7];
        SecondBias = SecondGain + sizes[8];
        ProjectionsBack = at + weights;
        OutBack = ProjectionsBack + sizes[0];
        WidenBack = OutBack + sizes[1];
        NarrowBack = WidenBack + sizes[2];
    }

    public int Heads { get; }

    /// <summary>D, padded.</summary>
    public int Width { get; }

    /// <summary>D / H, padded.</summary>
    public int HeadWidth { get; }

    /// <summary>All heads beside each other.</summary>
    public int Joined => Heads * HeadWidth;

    /// <summary>Queries, keys and values beside each other.</summary>
    public int Projected => 3 * Joined;

    /// <summary>The network's hidden units, padded.</summary>
    public int WideWidth { get; }

    /// <summary>Numbers of all weights.</summary>
    public int Length { get; }

    /// <summary>[Width, Projected].</summary>
    public float* Projections { get; }

    /// <summary>[Joined, Width].</summary>
    public float* Out { get; }

    /// <summary>[Width, WideWidth].</summary>
    public float* Widen { get; }

    /// <summary>[WideWidth, Width].</summary>
    public float* Narrow { get; }

    public float* WidenBias { get; }

    public float* NarrowBias { get; }

    public float* FirstGain { get; }

    public float* FirstBias { get; }

    public float* SecondGain { get; }

    public float* SecondBias { get; }

    /// <summary>[Projected, Width].</summary>
    public float* ProjectionsBack { get; }

    /// <summary>[Width, Joined].</summary>
    public float* OutBack { get; }

    /// <summary>[WideWidth, Width].</summary>
    public float* WidenBack { get; }

    /// <summary>[Width, WideWidth].</summary>
    public float* NarrowBack { get; }

    /// <summary>All weights, one behind the other.</summary>
    public Span<float> All => new(Projections, Length);

    /// <summary>Copies a block's weights.</summary>
    public void Read(SequenceBlock block)
    {
        foreach (var part in Parts(block))
        {
            for (var row = 0; row < part.Rows; row++)
            {
                part.Weight.Numbers.Slice((row * part.Stride) + part.First, part.Columns).CopyTo(new Span<float>(part.Place + ((long)row * part.PlaceStride), part.Columns));
            }
        }

        MatrixProduct.Transpose(Projections, Projected, ProjectionsBack, Width, Width, Projected);
        MatrixProduct.Transpose(Out, Width, OutBack, Joined, Joined, Width);
        MatrixProduct.Transpose(Widen, WideWidth, WidenBack, Width, Width, WideWidth);
        MatrixProduct.Transpose(Narrow, Width, NarrowBack, WideWidth, WideWidth, Width);
    }

    /// <summary>Adds what stands here to the gradients of a block's weights.</summary>
    public void AddTo(SequenceBlock block)
    {
        foreach (var weight in Parts(block).GroupBy(part => part.Weight))
        {
            var gradient = new float[weight.Key.FirstMoments.Length];
            foreach (var part in weight)
            {
                for (var row = 0; row < part.Rows; row++)
                {
                    new ReadOnlySpan<float>(part.Place + ((long)row * part.PlaceStride), part.Columns).CopyTo(gradient.AsSpan((row * part.Stride) + part.First));
                }
            }

            weight.Key.AddGradient(gradient);
        }
    }

    // Which parts of the weights stand where.
    private List<Part> Parts(SequenceBlock block)
    {
        var parts = new List<Part>
        {
            new(block.Widen, 0, _wide, _wide, _dimensions, Widen, WideWidth),
            new(block.Narrow, 0, _dimensions, _dimensions, _wide, Narrow, Width),
            new(block.WidenBias, 0, _wide, _wide, 1, WidenBias, WideWidth),
            new(block.NarrowBias, 0, _dimensions, _dimensions, 1, NarrowBias, Width),
            new(block.FirstNorm.Gain, 0, _dimensions, _dimensions, 1, FirstGain, Width),
            new(block.FirstNorm.Bias, 0, _dimensions, _dimensions, 1, FirstBias, Width),
            new(block.SecondNorm.Gain, 0, _dimensions, _dimensions, 1, SecondGain, Width),
            new(block.SecondNorm.Bias, 0, _dimensions, _dimensions, 1, SecondBias, Width),
        };
        Weight[] projections = [block.Queries, block.Keys, block.Values];
        for (var head = 0; head < Heads; head++)
        {
            for (var kind = 0; kind < projections.Length; kind++)
            {
                parts.Add(new(projections[kind], head * _head, _head, _dimensions, _dimensions, Projections + (kind * Joined) + (head * HeadWidth), Projected));
            }

            for (var row = 0; row < _head; row++)
            {
                var (from, to) = ((head * _head) + row, (head * HeadWidth) + row);
                parts.Add(new(block.Out, from * _dimensions, _dimensions, _dimensions, 1, Out + (to * Width), Width));
            }
        }

        return parts;
    }

    /// <summary>Columns of a weight, from First on in each of its rows of Stride numbers, and where they stand.</summary>
    private readonly struct Part(Weight weight, int first, int columns, int stride, int rows, float* place, int placeStride)
    {
        public Weight Weight { get; } = weight;

        public int First { get; } = first;

        public int Columns { get; } = columns;

        public int Stride { get; } = stride;

        public int Rows { get; } = rows;

        public float* Place { get; } = place;

        public int PlaceStride { get; } = placeStride;
    }
}
