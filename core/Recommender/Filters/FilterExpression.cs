namespace ServerlessRec.Recommender.Filters;

/// <summary>
/// An attribute filter over items, such as <c>Categories contains "War" and Labels.year >= 1990</c>; docs/filters.md has the grammar. Immutable.
/// </summary>
public sealed class FilterExpression
{
    /// <summary>UTF-16 units an expression may have.</summary>
    public const int MaxLength = 4096;

    private FilterExpression(string text, FilterNode root)
    {
        Text = text;
        Root = root;
        DependsOnNow = UsesNow(root);
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Whether the answer changes while time passes.</summary>
    public bool DependsOnNow { get; }

    internal FilterNode Root { get; }

    /// <summary>Parses an expression.</summary>
    /// <exception cref="FilterSyntaxException">It cannot be read; says where and why.</exception>
    public static FilterExpression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= MaxLength
            ? new FilterExpression(text, new FilterParser(text).Parse())
            : throw new FilterSyntaxException(MaxLength, $"it is longer than {MaxLength} characters");
    }

    private static bool UsesNow(FilterNode node) => node switch
    {
        FilterNode.And and => UsesNow(and.Left) || UsesNow(and.Right),
        FilterNode.Or or => UsesNow(or.Left) || UsesNow(or.Right),
        FilterNode.Not not => UsesNow(not.Inner),
        FilterNode.TimestampIs time => time.Time.At is null,
        _ => false,
    };
}
