namespace ServerlessRec.Recommender.Ranking;

/// <summary>
/// What a release's manifest says of its ranker. It stands there and not in features.json, because that file names the towers' version: a ranker
/// must not make user vectors invalid.
/// </summary>
public sealed record RankerSpec
{
    /// <summary>Format of the inputs (<see cref="RankerFields"/>); readers refuse a newer one. Whoever changes what a field means raises it.</summary>
    public const int CurrentFormat = 1;

    /// <summary>See <see cref="CurrentFormat"/>.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Best candidates of the retrieval that are ordered anew, 10–400; those behind them stay behind.</summary>
    public int Candidates { get; init; } = 200;

    /// <summary>What dot products of the release's vectors are multiplied by to be the towers' own scores (logits); above 0.</summary>
    public required double ScoreScale { get; init; }

    /// <summary>Checks every range.</summary>
    /// <exception cref="InvalidDataException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Format is >= 1 and <= CurrentFormat, $"its format is {Format}, this version reads {CurrentFormat}");
        Require(Candidates is >= 10 and <= 400, $"{Candidates} candidates are not in 10–400");
        Require(double.IsFinite(ScoreScale) && ScoreScale > 0, "its scale of scores is not above 0");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException($"the ranker cannot be used: {otherwise}");
        }
    }
}
