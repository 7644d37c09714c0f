using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>How the towers are trained. The defaults serve every data set; docs/quality.md shows what each is worth.</summary>
public sealed record TrainingOptions
{
    private const double LeastRate = 0.1;

    /// <summary>Sizes of the towers.</summary>
    public TowerShape Shape { get; init; } = new();

    /// <summary>The user tower; null: the one that validation prefers, where the data has an order to read, otherwise the pooled one.</summary>
    public UserTowerKind? UserTower { get; init; }

    /// <summary>Newest history entries that the user tower reads; 1–200. Null: by the data (<see cref="TowerChoice"/>).</summary>
    public int? HistoryLength { get; init; }

    /// <summary>Whether a ranker is learned for the second stage.</summary>
    public RankerUse Ranker { get; init; } = RankerUse.Auto;

    /// <summary>Seed of every random choice. The same seed with one thread gives the same towers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads; 0: all cores.</summary>
    public int Threads { get; init; }

    /// <summary>The loss.</summary>
    public TrainingLoss Loss { get; init; } = TrainingLoss.SampledSoftmax;

    /// <summary>Epochs at most, 1–1000; fewer where the rate has fallen to nothing before (<see cref="EpochsWorthwhile"/>).</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Epochs without a better validation metric after which training stops; 1–1000.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>
    /// Time after which the choice of an epoch ends with the best one so far, and a quarter of it for the choice of the prior; above zero. It is
    /// reached by data of many millions of interactions only, and then the same seed need not give the same towers.
    /// </summary>
    public TimeSpan TimeToChoose { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>
    /// Pairs of a history and its target in a batch, for the sequence tower entries of its histories; 16–65,536. Null:
    /// <see cref="BatchSizeFor"/> the number of pairs.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>Uniformly drawn items that stand as negatives beside the batch's own targets; 0–1,000,000.</summary>
    public int UniformNegatives { get; init; } = 1024;

    /// <summary>Learning rate of the first epoch; above 0, at most 1.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>What the learning rate is multiplied by after each epoch, above 0, at most 1; null: <see cref="RateDecayFor"/> the data.</summary>
    public double? RateDecay { get; init; }

    /// <summary>Decoupled weight decay; 0–1.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>What cosines are divided by before the softmax, 0.01–10; null: <see cref="TemperatureFor"/> the number of items.</summary>
    public double? Temperature { get; init; }

    /// <summary>
    /// What taste counts beside popularity in the finished towers, 0.01–100; null: what validation prefers, 1 without validation.
    /// </summary>
    public double? TasteWeight { get; init; }

    /// <summary>
    /// What finished towers add to the learned exponents of the popularity prior, one number each of −2 to 2; null: what validation prefers,
    /// nothing without validation.
    /// </summary>
    public IReadOnlyList<float>? PriorShifts { get; init; }

    /// <summary>Share of items whose id embedding is left out of a batch, so that items without one get good vectors too; 0–0.9. Items of nothing
    /// but an id keep it.</summary>
    public double IdDropout { get; init; } = 0.1;

    /// <summary>Share of history entries left out of a pair; 0–0.9.</summary>
    public double HistoryDropout { get; init; } = 0.1;

    /// <summary>
    /// Share of pairs whose history is everything else the user did instead of only what came before the target; 0–1.
    /// </summary>
    public double WholeHistories { get; init; } = 0.5;

    /// <summary>
    /// Share of the data's time span after which a pair counts half; above 0. Infinite: all pairs count alike.
    /// </summary>
    public double RecencyHalfLife { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// The default temperature. Whoever reads a history in order can tell the next item from what comes later, and bears a sharp softmax. Means of
    /// histories cannot: a softmax over more items needs more room between the best and the rest, and one sharper than needed learns the histories
    /// by heart (docs/quality.md); a sharper one is borne where popularity does not move, as far as is known.
    /// </summary>
    public static double TemperatureFor(int items, UserTowerKind kind, bool isTimed) =>
        kind == UserTowerKind.Sequence ? 0.1 : Math.Clamp((isTimed ? 1.4 : 1.06) / Math.Log(Math.Max(2, items)), 0.1, 0.4);

    /// <summary>The default batch: larger where an epoch still has hundreds of steps, because its distinct items then cost less a pair.</summary>
    public static int BatchSizeFor(int pairs, UserTowerKind kind) => kind == UserTowerKind.Sequence || pairs >= 400_000 ? 2048 : 1024;

    /// <summary>
    /// The default decay: items that are met often an epoch have learned after few epochs, and a rate that falls sooner reaches the same
    /// figures in fewer (online-retail: 5 epochs in place of 8); rare items need many.
    /// </summary>
    public static double RateDecayFor(int pairs, int items, UserTowerKind kind) =>
        kind == UserTowerKind.Sequence ? 0.9 : Math.Clamp(0.9 - (0.1 * Math.Log2(Math.Max(1, pairs) / (16.0 * Math.Max(1, items)))), 0.7, 0.92);

    /// <summary>Epochs until the rate has fallen below a tenth of the first: what comes after changes little and costs as much.</summary>
    public static int EpochsWorthwhile(double decay) => decay < 1 ? 1 + (int)(Math.Log(LeastRate) / Math.Log(decay)) : int.MaxValue;

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Shape.Validate();
        Require(HistoryLength is null or (>= 1 and <= 200), nameof(HistoryLength), HistoryLength ?? 0, "1–200");
        Require(Threads is >= 0 and <= 1024, nameof(Threads), Threads, "0–1024");
        Require(Epochs is >= 1 and <= 1000, nameof(Epochs), Epochs, "1–1000");
        Require(Patience is >= 1 and <= 1000, nameof(Patience), Patience, "1–1000");
        Require(RateDecay is null or (> 0 and <= 1), nameof(RateDecay), RateDecay ?? 0, "0–1, without 0");
        Require(TimeToChoose > TimeSpan.Zero, nameof(TimeToChoose), TimeToChoose, "above zero");
        Require(BatchSize is null or (>= 16 and <= 65536), nameof(BatchSize), BatchSize ?? 0, "16–65536");
        Require(UniformNegatives is >= 0 and <= 1_000_000, nameof(UniformNegatives), UniformNegatives, "0–1000000");
        Require(LearningRate is > 0 and <= 1, nameof(LearningRate), LearningRate, "0–1, without 0");
        Require(WeightDecay is >= 0 and <= 1, nameof(WeightDecay), WeightDecay, "0–1");
        Require(Temperature is null or (>= 0.01 and <= 10), nameof(Temperature), Temperature ?? 0, "0.01–10");
        Require(TasteWeight is null or (>= 0.01 and <= 100), nameof(TasteWeight), TasteWeight ?? 0, "0.01–100");
        Require(PriorShifts is null || PriorShifts.Count == PopularityTimeline.Features, nameof(PriorShifts), PriorShifts?.Count ?? 0, $"{PopularityTimeline.Features} numbers");
        Require(PriorShifts is null || PriorShifts.All(shift => shift is >= -2 and <= 2), nameof(PriorShifts), PriorShifts?.Max() ?? 0, "−2–2");
        Require(IdDropout is >= 0 and <= 0.9, nameof(IdDropout), IdDropout, "0–0.9");
        Require(HistoryDropout is >= 0 and <= 0.9, nameof(HistoryDropout), HistoryDropout, "0–0.9");
        Require(WholeHistories is >= 0 and <= 1, nameof(WholeHistories), WholeHistories, "0–1");
        Require(RecencyHalfLife > 0, nameof(RecencyHalfLife), RecencyHalfLife, "above 0");
    }

    private static void Require(bool holds, string name, IFormattable value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be in {range}.");
        }
    }
}
