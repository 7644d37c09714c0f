namespace ServerlessRec.Training.Towers;

/// <summary>Sizes of the two towers. One configuration serves small and large sets: the tables grow with the data, the rest stays.</summary>
public sealed record TowerShape
{
    /// <summary>Which user tower; <see cref="Learning.TowerChoice"/> sets it.</summary>
    public UserTowerKind UserTower { get; init; } = UserTowerKind.Pooled;

    /// <summary>D: length of item and user vectors; 8–2048.</summary>
    public int Dimensions { get; init; } = 64;

    /// <summary>Newest history entries that the user tower reads; 1–200. <see cref="Learning.TowerChoice"/> sets it.</summary>
    public int HistoryLength { get; init; } = 50;

    /// <summary>H: weighted means of the history that the pooled user tower takes, each with weights of its own; 1–16.</summary>
    public int Means { get; init; } = 4;

    /// <summary>Blocks of the sequence tower; 1–8.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Share of numbers that the sequence tower drops out in training; 0–0.9.</summary>
    public double Dropout { get; init; } = 0.2;

    /// <summary>Hidden units of the towers' two-layer networks; 8–4096.</summary>
    public int HiddenUnits { get; init; } = 128;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Dimensions is >= 8 and <= 2048, nameof(Dimensions), Dimensions, "8–2048");
        Require(HistoryLength is >= 1 and <= 200, nameof(HistoryLength), HistoryLength, "1–200");
        Require(Means is >= 1 and <= 16, nameof(Means), Means, "1–16");
        Require(Blocks is >= 1 and <= 8, nameof(Blocks), Blocks, "1–8");
        Require(Dropout is >= 0 and <= 0.9, nameof(Dropout), Dropout, "0–0.9");
        Require(HiddenUnits is >= 8 and <= 4096, nameof(HiddenUnits), HiddenUnits, "8–4096");
    }

    private static void Require(bool holds, string name, IFormattable value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be in {range}.");
        }
    }
}
