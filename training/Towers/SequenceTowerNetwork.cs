using System.Numerics.Tensors;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// The sequence user tower: a causal transformer over the item vectors of the history, read in order (Kang and McAuley 2018, "Self-attentive
/// sequential recommendation", with distances in place of absolute positions). The vector after an entry is its normalised last state, so one
/// pass answers for every entry of a history, which is what makes training cheap.
/// </summary>
/// <remarks>
/// Histories are worked out one by one, each over its real length, on all threads, and so are the gradients, which are written by hand: several
/// times as fast as through TorchSharp. The same number of threads gives the same bits.
/// </remarks>
internal sealed unsafe class SequenceTowerNetwork : IUserTowerNetwork
{
    public const double NormEpsilon = 1e-5;

    /// <summary>In the exported graph, logits of later entries lie this far below the others.</summary>
    public const float Never = 1e9f;

    private const int SeedsOfARow = 64;

    private readonly SequenceBlock[] _blocks;
    private readonly Random _random;
    private readonly SequenceMatrices[] _matrices;
    private readonly FloatBuffer _biases = new(), _last = new();
    private readonly SequencePass[] _passes;
    private readonly List<SequenceRow> _rows = [];
    private readonly int _longest;
    private HistoryBatch _batch = HistoryBatch.Of(0, 1);
    private SequenceQuestions _questions = new(HistoryBatch.Of(0, 1), 1);
    private int _vectorCount;

    /// <param name="spec">Inputs.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="random">Where initial weights and dropout come from.</param>
    /// <param name="threads">How many.</param>
    public SequenceTowerNetwork(FeatureSpec spec, TowerShape shape, Random random, int threads)
    {
        Dimensions = spec.Dimensions - PopularityPrior.Width;
        _longest = spec.HistoryLength;
        DropShare = shape.Dropout;
        InputScale = MathF.Sqrt(Dimensions);
        Types = Weight.Zeros("user.types", spec.FeedbackTypes.Count + 1, Dimensions);
        _blocks = [.. Enumerable.Range(0, shape.Blocks)
            .Select(block => new SequenceBlock($"user.block{block}", Dimensions, Dimensions % 2 == 0 ? 2 : 1, random))];
        LastNorm = (Weight.Ones("user.norm.gain", Dimensions), Weight.Zeros("user.norm.bias", Dimensions));
        _random = new Random(random.Next()); // the sampler draws from the other one on another thread
        _matrices = [.. _blocks.Select(block => new SequenceMatrices(block))];
        _passes = [.. Enumerable.Range(0, threads)
            .Select(_ => new SequencePass(this, _matrices, _biases, _last, _longest) { TypeRows = (int)Types.Shape[0] })];
    }

    /// <summary>D.</summary>
    public int Dimensions { get; }

    /// <summary>Share of numbers that is dropped in training.</summary>
    public double DropShare { get; }

    /// <summary>What item vectors of unit length are multiplied by, so that their numbers are of the size of the blocks' own.</summary>
    public float InputScale { get; }

    /// <summary>[types + 1, D], added to the vectors.</summary>
    public Weight Types { get; }

    public IReadOnlyList<SequenceBlock> Blocks => _blocks;

    public (Weight Gain, Weight Bias) LastNorm { get; }

    public IReadOnlyList<Weight> Weights => [Types, .. _blocks.SelectMany(block => block.Weights), LastNorm.Gain, LastNorm.Bias];

    public float[] Forward(float[] vectors, HistoryBatch batch, bool isTraining)
    {
        ReadWeights();
        (_batch, _questions, _vectorCount) = (batch, new SequenceQuestions(batch, _passes.Length), vectors.Length / Dimensions);
        var seed = isTraining ? DrawSeed() : null;
        var users = new float[_questions.Count * Dimensions];
        var types = Types.Numbers.ToArray();
        while (isTraining && _rows.Count < batch.Count)
        {
            _rows.Add(new SequenceRow());
        }

        ForRows((pass, row) =>
        {
            var length = Math.Max(1, batch.Lengths[row]); // an empty history is one entry of zeros
            var history = isTraining ? _rows[row] : pass.Row;
            var entries = history.Entries(length, _matrices[0].Width);
            WriteEntries(vectors, types, row, entries);
            history.Forward(pass, entries, length, _questions.Of(row), PartOf(users, row), Dimensions, seed + (uint)(SeedsOfARow * row));
        });
        return users;
    }

    public void SkipForward() => DrawSeed();

    public float[] Backward(float[] gradient)
    {
        foreach (var pass in _passes)
        {
            pass.Begin(_vectorCount * Dimensions);
        }

        ForRows((pass, row) =>
        {
            var length = Math.Max(1, _batch.Lengths[row]);
            var by = _rows[row].Backward(pass, PartOf(gradient, row), length, _questions.Of(row), Dimensions, DropShare > 0);
            AddEntries(pass, row, by);
        });
        foreach (var other in _passes.AsSpan(1))
        {
            _passes[0].Add(other);
        }

        HandOn(_passes[0]);
        return _passes[0].Vectors;
    }

    private Span<float> PartOf(float[] users, int row) =>
        users.AsSpan(_questions.StartOf(row) * Dimensions, _questions.Of(row).Length * Dimensions);

    private void ForRows(Action<SequencePass, int> run) => Parallel.For(0, _passes.Length, thread =>
    {
        var (first, end) = _questions.RowsOf(thread);
        for (var row = first; row < end; row++)
        {
            run(_passes[thread], row);
        }
    });

    private void WriteEntries(float[] vectors, float[] types, int row, float* entries)
    {
        for (var entry = 0; entry < _batch.Lengths[row]; entry++)
        {
            var at = (row * _batch.Stride) + entry;
            TensorPrimitives.MultiplyAdd(
                vectors.AsSpan(_batch.Places[at] * Dimensions, Dimensions),
                InputScale,
                types.AsSpan(_batch.Types[at] * Dimensions, Dimensions),
                new Span<float>(entries + ((long)entry * _matrices[0].Width), Dimensions));
        }
    }

    private void AddEntries(SequencePass pass, int row, float* byEntries)
    {
        var width = _matrices[0].Width;
        for (var entry = 0; entry < _batch.Lengths[row]; entry++)
        {
            var at = (row * _batch.Stride) + entry;
            var byEntry = new ReadOnlySpan<float>(byEntries + ((long)entry * width), Dimensions);
            var byVector = pass.Vectors.AsSpan(_batch.Places[at] * Dimensions, Dimensions);
            TensorPrimitives.MultiplyAdd(byEntry, InputScale, byVector, byVector);
            var byType = new Span<float>(pass.TypeGradients + ((long)_batch.Types[at] * width), Dimensions);
            TensorPrimitives.Add(byType, byEntry, byType);
        }
    }

    private void ReadWeights()
    {
        var biases = _biases.Room((long)_blocks.Length * _blocks[0].Heads * _longest);
        Span<float> figures = stackalloc float[SequenceDistances.Features];
        for (var block = 0; block < _blocks.Length; block++)
        {
            _matrices[block].Read(_blocks[block]);
            var weights = _blocks[block].Distances.Numbers;
            for (var distance = 0; distance < _longest; distance++)
            {
                SequenceDistances.Write(distance, figures);
                for (var head = 0; head < _blocks[block].Heads; head++)
                {
                    var sum = 0f;
                    for (var feature = 0; feature < figures.Length; feature++)
                    {
                        sum += figures[feature] * weights[(feature * _blocks[block].Heads) + head];
                    }

                    biases[((((long)block * _blocks[block].Heads) + head) * _longest) + _longest - 1 - distance] = sum;
                }
            }
        }

        var last = _last.Zeros(2L * _matrices[0].Width);
        LastNorm.Gain.Numbers.CopyTo(new Span<float>(last, Dimensions));
        LastNorm.Bias.Numbers.CopyTo(new Span<float>(last + _matrices[0].Width, Dimensions));
    }

    private void HandOn(SequencePass sums)
    {
        Span<float> figures = stackalloc float[SequenceDistances.Features];
        for (var block = 0; block < _blocks.Length; block++)
        {
            sums.Gradients[block].AddTo(_blocks[block]);
            var byDistances = new float[_blocks[block].Distances.FirstMoments.Length];
            for (var at = 0; at < _longest * _blocks[block].Heads; at++)
            {
                var (distance, head) = (at / _blocks[block].Heads, at % _blocks[block].Heads);
                SequenceDistances.Write(distance, figures);
                var by = sums.BiasGradientOf(block, head)[_longest - 1 - distance];
                for (var feature = 0; feature < figures.Length; feature++)
                {
                    byDistances[(feature * _blocks[block].Heads) + head] += figures[feature] * by;
                }
            }

            _blocks[block].Distances.AddGradient(byDistances);
        }

        var width = _matrices[0].Width;
        LastNorm.Gain.AddGradient(new ReadOnlySpan<float>(sums.LastGradients, Dimensions));
        LastNorm.Bias.AddGradient(new ReadOnlySpan<float>(sums.LastGradients + width, Dimensions));
        var byTypes = new float[Types.FirstMoments.Length];
        for (var type = 0; type < Types.Shape[0]; type++)
        {
            new ReadOnlySpan<float>(sums.TypeGradients + ((long)type * width), Dimensions).CopyTo(byTypes.AsSpan(type * Dimensions));
        }

        Types.AddGradient(byTypes);
    }

    private uint? DrawSeed() => DropShare > 0 ? (uint)_random.Next() : null;
}
