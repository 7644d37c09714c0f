using System.Text;

namespace ServerlessRec.Recommender.Filters;

/// <summary>Cuts a filter expression into tokens.</summary>
internal sealed class FilterLexer(string text)
{
    private static readonly string[] Symbols = ["==", "!=", "<=", ">=", "&&", "||", "=", "<", ">", "(", ")", "[", "]", ",", ".", "-", "!"];

    private int _at;

    public List<FilterToken> ReadAll()
    {
        var tokens = new List<FilterToken>();
        do
        {
            tokens.Add(Next());
        }
        while (tokens[^1].Kind != FilterTokenKind.End);
        return tokens;
    }

    private FilterToken Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        var start = _at;
        if (_at == text.Length)
        {
            return new FilterToken(FilterTokenKind.End, "", start);
        }

        var first = text[_at];
        if (first is '"' or '\'')
        {
            return Quoted(first);
        }

        if (char.IsAsciiDigit(first))
        {
            return Number(start);
        }

        if (char.IsLetter(first) || first == '_')
        {
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
            {
                _at++;
            }

            return new FilterToken(FilterTokenKind.Name, text[start.._at], start);
        }

        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new FilterToken(FilterTokenKind.Symbol, symbol, start);
            }
        }

        throw new FilterSyntaxException(start, $"'{first}' means nothing here");
    }

    private FilterToken Quoted(char quote)
    {
        var start = _at++;
        var value = new StringBuilder();
        for (; _at < text.Length; _at++)
        {
            var c = text[_at];
            if (c == quote)
            {
                _at++;
                return new FilterToken(FilterTokenKind.Text, value.ToString(), start);
            }

            if (c == '\\' && ++_at == text.Length)
            {
                break;
            }

            value.Append(text[_at]);
        }

        throw new FilterSyntaxException(start, "this text has no closing quote");
    }

    // A unit may follow, as in 7d.
    private FilterToken Number(int start)
    {
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '.'
            || (text[_at] is '+' or '-' && text[_at - 1] is 'e' or 'E')))
        {
            _at++;
        }

        return new FilterToken(FilterTokenKind.Number, text[start.._at], start);
    }
}
