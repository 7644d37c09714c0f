namespace ServerlessRec.Recommender.Filters;

/// <summary>A parsed filter: a tree whose leaves compare one attribute with constants.</summary>
internal abstract record FilterNode
{
    public sealed record And(FilterNode Left, FilterNode Right) : FilterNode;

    public sealed record Or(FilterNode Left, FilterNode Right) : FilterNode;

    public sealed record Not(FilterNode Inner) : FilterNode;

    /// <summary>Any of the item's categories is one of these.</summary>
    public sealed record CategoryIn(IReadOnlyList<string> Names) : FilterNode;

    /// <summary>The item's timestamp compares so; false without a timestamp.</summary>
    public sealed record TimestampIs(FilterComparison Comparison, FilterTime Time) : FilterNode;

    /// <summary>The item's id is one of these.</summary>
    public sealed record IdIn(IReadOnlyList<string> Ids) : FilterNode;

    /// <summary>The label compares so with a constant; of an array, any element does. False when it is missing or of another kind.</summary>
    public sealed record LabelIs(LabelPath Path, FilterComparison Comparison, FilterConstant Constant) : FilterNode;

    /// <summary>The label, or any element of it, equals one of these.</summary>
    public sealed record LabelIn(LabelPath Path, IReadOnlyList<FilterConstant> Constants) : FilterNode;

    /// <summary>The attribute is there and not null.</summary>
    public sealed record LabelExists(LabelPath Path) : FilterNode;
}

internal enum FilterComparison
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>A text, a number or a truth value: exactly one is set.</summary>
internal readonly record struct FilterConstant(string? Text, double? Number, bool? Truth)
{
    public static bool Holds(FilterComparison comparison, int order) => comparison switch
    {
        FilterComparison.Equal => order == 0,
        FilterComparison.Less => order < 0,
        FilterComparison.LessOrEqual => order <= 0,
        FilterComparison.Greater => order > 0,
        _ => order >= 0,
    };
}

/// <summary>A fixed time, or now minus a span.</summary>
internal readonly record struct FilterTime(DateTimeOffset? At, TimeSpan BeforeNow)
{
    public long Ticks(DateTimeOffset now) => (At ?? now - BeforeNow).UtcTicks;
}

/// <summary>A property of the labels: names from the top downwards.</summary>
internal sealed record LabelPath(IReadOnlyList<string> Names);
