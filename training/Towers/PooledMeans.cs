using System.Numerics.Tensors;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>
/// The weighted means of <see cref="PooledTowerNetwork"/> and their gradients, written out by hand: row after row over spans, on all
/// threads. Through TorchSharp the same takes four times as long, because the gradient of taking rows of a matrix is added up entry by entry.
/// </summary>
/// <remarks>One batch at a time: <see cref="Backward"/> belongs to the last <see cref="Forward"/>. The same number of threads gives the same bits.</remarks>
internal sealed unsafe class PooledMeans(PooledTowerNetwork network, int threads)
{
    private readonly int _threads = threads;
    private readonly int _means = network.Means;
    private PooledWeights _weights = null!;
    private HistoryBatch _batch = HistoryBatch.Of(0, 1);
    private readonly FloatBuffer _vectors = new();
    private readonly PooledGradients?[] _sums = new PooledGradients?[threads];
    private int _vectorCount;
    private float[] _affinities = [];
    private float[] _places = [];
    private readonly FloatBuffer _shares = new();
    private float[] _hidden = [];

    /// <summary>The means of every history.</summary>
    /// <param name="vectors">Item vectors, row-major [U, D]; must not change before <see cref="Backward"/>.</param>
    /// <param name="batch">B histories of those items.</param>
    /// <returns>[B, H·D]; zeros for an empty history.</returns>
    public float[] Forward(float[] vectors, HistoryBatch batch)
    {
        (_weights, _batch) = (new PooledWeights(network), batch);
        Pad(vectors);
        _affinities = _weights.Affinities(vectors);
        _places = Places(batch.Stride);
        _shares.Room((long)batch.Count * batch.Stride * _means);
        Grow(ref _hidden, batch.Count * batch.Stride * PooledTowerNetwork.AgeUnits);
        var means = new float[batch.Count * _means * _weights.Dimensions];
        ForBlocks(batch.Count, (_, start, end) =>
        {
            Span<float> padded = stackalloc float[_means * _weights.Width];
            for (var row = start; row < end; row++)
            {
                Share(row);
                Pool(row, padded);
                for (var mean = 0; mean < _means; mean++)
                {
                    padded.Slice(mean * _weights.Width, _weights.Dimensions).CopyTo(means.AsSpan(((row * _means) + mean) * _weights.Dimensions));
                }
            }
        });
        return means;
    }

    /// <summary>Adds the weights' gradients to the network's.</summary>
    /// <param name="gradient">[B, H·D]: the loss by the means.</param>
    /// <returns>[U, D]: the loss by the item vectors.</returns>
    public float[] Backward(float[] gradient)
    {
        ForBlocks(_batch.Count, (block, start, end) =>
        {
            var sums = _sums[block] ??= new PooledGradients(_weights);
            sums.Begin(_vectorCount);
            Span<float> padded = stackalloc float[_means * _weights.Width];
            padded.Clear();
            var byShares = new float[_means * _batch.Stride];
            var byHidden = new float[PooledTowerNetwork.AgeUnits * _batch.Stride];
            var width = _means * _weights.Dimensions;
            for (var row = start; row < end; row++)
            {
                for (var mean = 0; mean < _means; mean++)
                {
                    gradient.AsSpan((row * width) + (mean * _weights.Dimensions), _weights.Dimensions).CopyTo(padded[(mean * _weights.Width)..]);
                }

                Unpool(row, padded, byShares, sums);
                Unshare(row, byShares, byHidden, sums);
            }
        });
        var sum = _sums[0]!;
        foreach (var other in _sums.AsSpan(1))
        {
            sum.Add(other!);
        }

        sum.AddTo(network, _weights, _vectors);
        return sum.VectorsWithoutPadding();
    }

    // Entry e of n: ln(1 + n − 1 − e). The last n numbers of this are those of a history of n.
    private static float[] Places(int stride) => [.. Enumerable.Range(0, stride).Select(place => MathF.Log(stride - place))];

    private ReadOnlySpan<float> AgesOf(int row) => _batch.Ages.AsSpan(row * _batch.Stride, _batch.Lengths[row]);

    private ReadOnlySpan<float> PlacesOf(int row) => _places.AsSpan(_batch.Stride - _batch.Lengths[row]);

    private ReadOnlySpan<int> EntriesOf(int row) => _batch.Places.AsSpan(row * _batch.Stride, _batch.Lengths[row]);

    private float* FirstShareOf(int row) => _shares.Start + ((long)row * _means * _batch.Stride);

    private Span<float> SharesOf(int row, int mean) => new(FirstShareOf(row) + (mean * _batch.Stride), _batch.Lengths[row]);

    private Span<float> HiddenOf(int row, int unit) =>
        _hidden.AsSpan(((row * PooledTowerNetwork.AgeUnits) + unit) * _batch.Stride, _batch.Lengths[row]);

    private void Share(int row)
    {
        var ages = AgesOf(row);
        var places = PlacesOf(row);
        if (ages.IsEmpty)
        {
            return;
        }

        for (var unit = 0; unit < PooledTowerNetwork.AgeUnits; unit++)
        {
            var hidden = HiddenOf(row, unit);
            TensorPrimitives.Multiply(ages, _weights.AgeFirst(0, unit), hidden);
            TensorPrimitives.MultiplyAdd(places, _weights.AgeFirst(1, unit), hidden, hidden);
            TensorPrimitives.Add(hidden, _weights.AgeFirstBias[unit], hidden);
            TensorPrimitives.Max(hidden, 0, hidden);
        }

        for (var mean = 0; mean < _means; mean++)
        {
            var shares = SharesOf(row, mean);
            TensorPrimitives.Multiply(ages, _weights.Slope(0, mean), shares);
            TensorPrimitives.MultiplyAdd(places, _weights.Slope(1, mean), shares, shares);
            for (var unit = 0; unit < PooledTowerNetwork.AgeUnits; unit++)
            {
                TensorPrimitives.MultiplyAdd(HiddenOf(row, unit), _weights.AgeSecond(unit, mean), shares, shares);
            }

            var at = row * _batch.Stride;
            for (var entry = 0; entry < shares.Length; entry++, at++)
            {
                shares[entry] += _weights.Type(_batch.Types[at], mean) + _affinities[(_batch.Places[at] * _means) + mean];
            }

            // The second bias is the same for all entries of a mean: it falls out of the softmax.
            TensorPrimitives.Subtract(shares, TensorPrimitives.Max<float>(shares), shares);
            TensorPrimitives.Exp(shares, shares);
            TensorPrimitives.Divide(shares, TensorPrimitives.Sum<float>(shares), shares);
        }
    }

    private void Pool(int row, Span<float> means)
    {
        fixed (float* sums = means)
        {
            WeightedRows.Sum(_vectors.Start, _weights.Width, EntriesOf(row), FirstShareOf(row), _batch.Stride, _means, sums);
        }
    }

    private void Unpool(int row, Span<float> gradient, float[] byShares, PooledGradients sums)
    {
        fixed (float* byMeans = gradient, by = byShares)
        {
            WeightedRows.Back(
                _vectors.Start, _weights.Width, EntriesOf(row), FirstShareOf(row), _batch.Stride, _means, byMeans, by, sums.Vectors);
        }
    }

    private void Pad(float[] vectors)
    {
        _vectorCount = vectors.Length / _weights.Dimensions;
        var padded = _vectors.Zeros((long)_vectorCount * _weights.Width);
        for (var row = 0; row < _vectorCount; row++)
        {
            vectors.AsSpan(row * _weights.Dimensions, _weights.Dimensions).CopyTo(new Span<float>(padded + ((long)row * _weights.Width), _weights.Dimensions));
        }
    }

    private void Unshare(int row, float[] byShares, float[] byHidden, PooledGradients sums)
    {
        var ages = AgesOf(row);
        var places = PlacesOf(row);
        Array.Clear(byHidden);
        for (var mean = 0; mean < _means; mean++)
        {
            var shares = SharesOf(row, mean);
            var byLogits = byShares.AsSpan(mean * _batch.Stride, shares.Length);
            TensorPrimitives.Subtract(byLogits, TensorPrimitives.Dot<float>(shares, byLogits), byLogits);
            TensorPrimitives.Multiply(byLogits, shares, byLogits);
            sums.Slopes[mean] += TensorPrimitives.Dot(ages, byLogits);
            sums.Slopes[_means + mean] += TensorPrimitives.Dot(places, byLogits);
            for (var unit = 0; unit < PooledTowerNetwork.AgeUnits; unit++)
            {
                var byUnit = byHidden.AsSpan(unit * _batch.Stride, shares.Length);
                sums.AgeSecond[(unit * _means) + mean] += TensorPrimitives.Dot<float>(HiddenOf(row, unit), byLogits);
                TensorPrimitives.MultiplyAdd(byLogits, _weights.AgeSecond(unit, mean), byUnit, byUnit);
            }

            var at = row * _batch.Stride;
            for (var entry = 0; entry < byLogits.Length; entry++, at++)
            {
                sums.Types[(_batch.Types[at] * _means) + mean] += byLogits[entry];
                sums.Affinities[(_batch.Places[at] * _means) + mean] += byLogits[entry];
            }
        }

        for (var unit = 0; unit < PooledTowerNetwork.AgeUnits; unit++)
        {
            var hidden = HiddenOf(row, unit);
            var byUnit = byHidden.AsSpan(unit * _batch.Stride, ages.Length);
            for (var entry = 0; entry < hidden.Length; entry++)
            {
                byUnit[entry] = hidden[entry] > 0 ? byUnit[entry] : 0;
            }

            sums.AgeFirst[unit] += TensorPrimitives.Dot(ages, byUnit);
            sums.AgeFirst[PooledTowerNetwork.AgeUnits + unit] += TensorPrimitives.Dot(places, byUnit);
            sums.AgeFirstBias[unit] += TensorPrimitives.Sum<float>(byUnit);
        }
    }

    private void ForBlocks(int rows, Action<int, int, int> run)
    {
        if (_threads == 1)
        {
            run(0, 0, rows);
            return;
        }

        Parallel.For(0, _threads, block => run(block, (int)((long)rows * block / _threads), (int)((long)rows * (block + 1) / _threads)));
    }

    private static void Grow(ref float[] array, int length)
    {
        if (array.Length < length)
        {
            array = new float[length];
        }
    }
}
