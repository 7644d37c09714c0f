using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>
/// EASE: a linear item-item model without self-similarity, in closed form (Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse
/// Data", algorithm 1). Among the strongest models on small sets; it cannot serve new items.
/// </summary>
public sealed class EaseScorer : IScorer
{
    private readonly int[] _items;
    private readonly int[] _rows;
    private readonly float[] _weights;
    private readonly float[] _fallback;

    /// <summary>Solves for the weights on all cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public EaseScorer(Dataset dataset, IReadOnlyList<Interaction> learned, EaseOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(learned);
        options ??= new EaseOptions();
        options.Validate();
        var matrix = new UserItemMatrix(dataset.Users.Count, dataset.Items.Count, learned);
        _items = [.. Enumerable.Range(0, matrix.ItemCount)
            .Where(item => matrix.UsersOf(item).Length > 0)
            .OrderByDescending(item => matrix.UsersOf(item).Length)
            .Take(options.MaxItems)];
        var known = Enumerable.Range(0, matrix.ItemCount).Count(item => matrix.UsersOf(item).Length > 0);
        Name = known > _items.Length ? string.Create(CultureInfo.InvariantCulture, $"EASE, {_items.Length:N0} most popular items") : "EASE";
        _rows = new int[matrix.ItemCount];
        Array.Fill(_rows, -1);
        for (var row = 0; row < _items.Length; row++)
        {
            _rows[_items[row]] = row;
        }

        _fallback = PopularityFallback.Of(matrix);
        _weights = Solve(Gram(matrix, options.Penalty), _items.Length);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public void Score(EvaluationCase evaluationCase, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(evaluationCase);
        _fallback.CopyTo(scores);
        var known = new HashSet<int>();
        foreach (var interaction in evaluationCase.History.Span)
        {
            if (_rows[interaction.Item] >= 0)
            {
                known.Add(_rows[interaction.Item]);
            }
        }

        if (known.Count == 0)
        {
            return;
        }

        var rented = ArrayPool<float>.Shared.Rent(_items.Length);
        var sums = rented.AsSpan(0, _items.Length);
        sums.Clear();
        foreach (var row in known)
        {
            TensorPrimitives.Add(sums, _weights.AsSpan(row * _items.Length, _items.Length), sums);
        }

        // Weights may be negative; items outside the matrix stay behind all in it.
        var lowest = TensorPrimitives.Min<float>(sums);
        for (var row = 0; row < _items.Length; row++)
        {
            scores[_items[row]] = sums[row] - lowest;
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    // How many users two items share, the penalty added on the diagonal.
    private float[] Gram(UserItemMatrix matrix, double penalty)
    {
        var size = _items.Length;
        var gram = new float[size * size];
        Parallel.For(0, size, row =>
        {
            var target = gram.AsSpan(row * size, size);
            foreach (var user in matrix.UsersOf(_items[row]))
            {
                foreach (var item in matrix.ItemsOf(user))
                {
                    if (_rows[item] >= 0)
                    {
                        target[_rows[item]]++;
                    }
                }
            }

            target[row] += (float)penalty;
        });
        return gram;
    }

    // B = I − P · diag(1 / diag(P)) with P the inverse of the penalised Gram matrix; row: history item, column: scored item.
    private static float[] Solve(float[] weights, int size)
    {
        if (size == 0)
        {
            return [];
        }

        SymmetricInverse.Invert(weights, size);
        var diagonal = new float[size];
        for (var row = 0; row < size; row++)
        {
            diagonal[row] = -weights[(row * size) + row];
        }

        Parallel.For(0, size, row =>
        {
            var target = weights.AsSpan(row * size, size);
            TensorPrimitives.Divide(target, diagonal, target);
            target[row] = 0;
        });
        return weights;
    }
}
