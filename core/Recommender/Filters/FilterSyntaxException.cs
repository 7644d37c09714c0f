namespace ServerlessRec.Recommender.Filters;

/// <summary>A filter expression that cannot be read.</summary>
public sealed class FilterSyntaxException(int position, string reason) : Exception($"The filter is wrong at character {position + 1}: {reason}.")
{
    /// <summary>Where, in UTF-16 units from 0.</summary>
    public int Position { get; } = position;
}
