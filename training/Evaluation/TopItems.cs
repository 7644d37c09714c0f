namespace ServerlessRec.Training.Evaluation;

/// <summary>
/// The best items of a full ranking. Equal scores are ordered by a fixed hash of the item number, so that a scorer which cannot tell
/// items apart gets what chance gives, and not what the order of the source file gives.
/// </summary>
internal sealed class TopItems(int capacity)
{
    private readonly int[] _items = new int[capacity];
    private readonly float[] _scores = new float[capacity];
    private int _count;

    /// <summary>Item numbers, best first, of the last <see cref="Select"/>.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    /// <summary>Keeps the best items; those with score −∞ are never kept.</summary>
    /// <exception cref="ArithmeticException">A score is NaN.</exception>
    public void Select(ReadOnlySpan<float> scores)
    {
        _count = 0;
        var worst = float.NegativeInfinity;
        for (var item = 0; item < scores.Length; item++)
        {
            var score = scores[item];
            if (score < worst || float.IsNegativeInfinity(score))
            {
                continue;
            }

            if (float.IsNaN(score))
            {
                throw new ArithmeticException($"The score of item {item} is not a number.");
            }

            Insert(item, score);
            worst = _count == capacity ? _scores[capacity - 1] : float.NegativeInfinity;
        }
    }

    private void Insert(int item, float score)
    {
        if (_count == capacity)
        {
            if (!IsBetter(item, score, _items[capacity - 1], _scores[capacity - 1]))
            {
                return;
            }

            _count--;
        }

        var place = _count++;
        while (place > 0 && IsBetter(item, score, _items[place - 1], _scores[place - 1]))
        {
            _items[place] = _items[place - 1];
            _scores[place] = _scores[place - 1];
            place--;
        }

        _items[place] = item;
        _scores[place] = score;
    }

    private static bool IsBetter(int item, float score, int other, float otherScore) =>
        score > otherScore || (score == otherScore && TieOrder(item) < TieOrder(other));

    private static uint TieOrder(int item)
    {
        var hash = (uint)item * 0x9E3779B1u;
        hash ^= hash >> 15;
        hash *= 0x85EBCA77u;
        return hash ^ (hash >> 13);
    }
}
