namespace ServerlessRec.Recommender.Filters;

internal enum FilterTokenKind
{
    End,
    Name,
    Text,
    Number,
    Symbol,
}

/// <summary>One token of a filter expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a quoted text what stands between the quotes.</param>
/// <param name="Position">Where it begins.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Position)
{
    public bool Is(string symbol) => Kind == FilterTokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == FilterTokenKind.Name && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Kind == FilterTokenKind.End ? "the end" : $"'{Text}'";
}
