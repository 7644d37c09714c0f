using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>One batch: B pairs, U distinct items, C distinct columns (targets and negatives). Arrays are row-major and exact.</summary>
internal sealed class TrainingBatch
{
    /// <summary>B.</summary>
    public required int Count { get; init; }

    /// <summary>[U] item numbers.</summary>
    public required int[] Items { get; init; }

    /// <summary>[U] items whose id embedding is left out.</summary>
    public required bool[] WithoutId { get; init; }

    /// <summary>B histories; places are in <see cref="Items"/>.</summary>
    public required HistoryBatch Histories { get; init; }

    /// <summary>[C] places in <see cref="Items"/>.</summary>
    public required int[] Columns { get; init; }

    /// <summary>[C] ln of the probability that a column stands in a batch.</summary>
    public required float[] LogInclusion { get; init; }

    /// <summary>[K, intervals, C] popularity figures of the columns.</summary>
    public required float[] Popularity { get; init; }

    /// <summary>[B] the interval of the target's moment.</summary>
    public required int[] Intervals { get; init; }

    /// <summary>[B] the target's column.</summary>
    public required int[] Labels { get; init; }

    /// <summary>[B] a column that the user does not know, for the binary loss; empty otherwise.</summary>
    public required int[] Negatives { get; init; }

    /// <summary>[B] weights in the loss.</summary>
    public required float[] PairWeights { get; init; }

    /// <summary>Columns that users know, one user after the other.</summary>
    public required int[] Masked { get; init; }

    /// <summary>[B] which part of <see cref="Masked"/> is no negative of a row, its target aside; rows of one user share theirs.</summary>
    public required Range[] Masks { get; init; }

    /// <summary>The columns that a row's user knows, the target's among them.</summary>
    public ReadOnlySpan<int> MaskedOf(int row) => Masked.AsSpan(Masks[row]);
}
