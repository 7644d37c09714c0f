using System.Numerics.Tensors;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>
/// Matrix factorisation with the BPR loss and uniform negatives (Rendle et al. 2009, "BPR: Bayesian Personalized Ranking from Implicit
/// Feedback", section 4.3.1). Users are factors of their own: what a user did after training is not seen, and users without training
/// interactions get the items' biases.
/// </summary>
public sealed class BprScorer : IScorer
{
    private readonly BprOptions _options;
    private readonly float[] _users;
    private readonly float[] _items;
    private readonly float[] _biases;

    /// <summary>Learns on one thread, so that a seed gives the same factors every time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public BprScorer(
        Dataset dataset, IReadOnlyList<Interaction> learned, BprOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(learned);
        _options = options ?? new BprOptions();
        _options.Validate();
        var matrix = new UserItemMatrix(dataset.Users.Count, dataset.Items.Count, learned);
        var random = new Random(_options.Seed);
        _users = new float[matrix.UserCount * _options.Dimensions];
        _items = new float[matrix.ItemCount * _options.Dimensions];
        _biases = new float[matrix.ItemCount];
        Begin(matrix, random);
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunEpoch(matrix, learned, random);
        }
    }

    /// <inheritdoc/>
    public string Name => "BPR-MF";

    /// <inheritdoc/>
    public void Score(EvaluationCase evaluationCase, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(evaluationCase);
        var user = Factors(_users, evaluationCase.User);
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = _biases[item] + TensorPrimitives.Dot(user, Factors(_items, item));
        }
    }

    // Users and items without interactions stay at 0: they are unlike everything, not like something by chance.
    private void Begin(UserItemMatrix matrix, Random random)
    {
        for (var user = 0; user < matrix.UserCount; user++)
        {
            Begin(Factors(_users, user), matrix.ItemsOf(user).Length, random);
        }

        for (var item = 0; item < matrix.ItemCount; item++)
        {
            Begin(Factors(_items, item), matrix.UsersOf(item).Length, random);
        }
    }

    private void Begin(Span<float> factors, int interactions, Random random)
    {
        for (var at = 0; at < factors.Length && interactions > 0; at++)
        {
            factors[at] = (float)((random.NextDouble() - 0.5) / Math.Sqrt(_options.Dimensions));
        }
    }

    private void RunEpoch(UserItemMatrix matrix, IReadOnlyList<Interaction> learned, Random random)
    {
        for (var step = 0; step < learned.Count; step++)
        {
            var positive = learned[random.Next(learned.Count)];
            var known = matrix.ItemsOf(positive.User);
            if (known.Length == matrix.ItemCount)
            {
                continue;
            }

            int negative;
            do
            {
                negative = random.Next(matrix.ItemCount);
            }
            while (known.BinarySearch(negative) >= 0);
            Step(positive.User, positive.Item, negative);
        }
    }

    private void Step(int user, int positive, int negative)
    {
        var p = Factors(_users, user);
        var q = Factors(_items, positive);
        var n = Factors(_items, negative);
        var margin = _biases[positive] - _biases[negative] + TensorPrimitives.Dot<float>(p, q) - TensorPrimitives.Dot<float>(p, n);
        var (rate, keep) = (_options.LearningRate, 1 - (_options.LearningRate * _options.Penalty));
        var pull = rate / (1 + MathF.Exp(margin));
        _biases[positive] = (_biases[positive] * keep) + pull;
        _biases[negative] = (_biases[negative] * keep) - pull;
        for (var at = 0; at < p.Length; at++)
        {
            var (userFactor, good, bad) = (p[at], q[at], n[at]);
            p[at] = (userFactor * keep) + (pull * (good - bad));
            q[at] = (good * keep) + (pull * userFactor);
            n[at] = (bad * keep) - (pull * userFactor);
        }
    }

    private Span<float> Factors(float[] factors, int number) => factors.AsSpan(number * _options.Dimensions, _options.Dimensions);
}
