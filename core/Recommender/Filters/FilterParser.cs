using System.Globalization;

namespace ServerlessRec.Recommender.Filters;

/// <summary>Parses a filter expression by recursive descent; docs/filters.md has the grammar.</summary>
internal sealed class FilterParser(string text)
{
    private const int MaxDepth = 64;
    private const int MaxConstants = 1000;

    private readonly List<FilterToken> _tokens = new FilterLexer(text).ReadAll();
    private int _at;
    private int _depth;

    private FilterToken Current => _tokens[_at];

    public FilterNode Parse()
    {
        var node = ParseOr();
        return Current.Kind == FilterTokenKind.End ? node : throw Wrong("'and', 'or' or the end was expected");
    }

    private FilterNode ParseOr()
    {
        if (++_depth > MaxDepth)
        {
            throw Wrong($"it is nested deeper than {MaxDepth} levels");
        }

        var node = ParseAnd();
        while (TakeWord("or") || Take("||"))
        {
            node = new FilterNode.Or(node, ParseAnd());
        }

        _depth--;
        return node;
    }

    private FilterNode ParseAnd()
    {
        var node = ParseNot();
        while (TakeWord("and") || Take("&&"))
        {
            node = new FilterNode.And(node, ParseNot());
        }

        return node;
    }

    private FilterNode ParseNot()
    {
        var negated = false;
        while (TakeWord("not") || Take("!"))
        {
            negated = !negated;
        }

        var node = Take("(") ? Closed(ParseOr()) : ParseComparison();
        return negated ? new FilterNode.Not(node) : node;
    }

    private FilterNode Closed(FilterNode node)
    {
        Expect(")");
        return node;
    }

    private FilterNode ParseComparison()
    {
        if (Current.Kind is FilterTokenKind.Text or FilterTokenKind.Number)
        {
            return ParseConstantIn();
        }

        var name = Current;
        if (TakeWord("Categories"))
        {
            return ParseNames(name, names => new FilterNode.CategoryIn(names));
        }

        if (TakeWord("ItemId"))
        {
            return ParseNames(name, ids => new FilterNode.IdIn(ids));
        }

        if (TakeWord("Timestamp"))
        {
            var (comparison, negated) = ParseOperator();
            return Negated(new FilterNode.TimestampIs(comparison, ParseTime()), negated);
        }

        return TakeWord("Labels")
            ? ParseLabel(ParsePath())
            : throw Wrong("Categories, Labels, Timestamp or ItemId was expected");
    }

    // "x" in Categories
    private FilterNode ParseConstantIn()
    {
        var constant = ParseConstant();
        var negated = TakeWord("not");
        if (!TakeWord("in"))
        {
            throw Wrong("'in' was expected");
        }

        FilterNode node = TakeWord("Categories")
            ? new FilterNode.CategoryIn([constant.Text ?? throw Wrong("a category is a text in quotes")])
            : TakeWord("Labels")
                ? new FilterNode.LabelIn(ParsePath(), [constant])
                : throw Wrong("Categories or Labels was expected");
        return Negated(node, negated);
    }

    private FilterNode ParseNames(FilterToken attribute, Func<IReadOnlyList<string>, FilterNode> make)
    {
        var negated = TakeWord("not");
        IReadOnlyList<FilterConstant> constants;
        if (TakeWord("in"))
        {
            constants = ParseConstants();
        }
        else if (TakeWord("contains") || Take("=") || Take("=="))
        {
            constants = [ParseConstant()];
        }
        else if (!negated && Take("!="))
        {
            negated = true;
            constants = [ParseConstant()];
        }
        else
        {
            throw Wrong($"{attribute.Text} is compared by 'contains', 'in', '=' or '!='");
        }

        return Negated(make([.. constants.Select(c => c.Text ?? throw Wrong($"{attribute.Text} is compared with texts in quotes"))]), negated);
    }

    private FilterNode ParseLabel(LabelPath path)
    {
        if (TakeWord("exists"))
        {
            return new FilterNode.LabelExists(path);
        }

        var not = TakeWord("not");
        if (TakeWord("in"))
        {
            return Negated(new FilterNode.LabelIn(path, ParseConstants()), not);
        }

        if (TakeWord("contains"))
        {
            return Negated(new FilterNode.LabelIn(path, [ParseConstant()]), not);
        }

        if (not)
        {
            throw Wrong("'in' or 'contains' was expected after 'not'");
        }

        var (comparison, negated) = ParseOperator();
        var position = Current;
        var constant = ParseConstant();
        if (constant.Truth is not null && comparison != FilterComparison.Equal)
        {
            throw new FilterSyntaxException(position.Position, "true and false are compared by '=' or '!=' only");
        }

        return Negated(new FilterNode.LabelIs(path, comparison, constant), negated);
    }

    private LabelPath ParsePath()
    {
        var names = new List<string>();
        while (true)
        {
            if (Take("."))
            {
                names.Add(Current.Kind == FilterTokenKind.Name ? Advance().Text : throw Wrong("a label's name was expected after '.'"));
            }
            else if (Take("["))
            {
                names.Add(Current.Kind == FilterTokenKind.Text ? Advance().Text : throw Wrong("a label's name in quotes was expected after '['"));
                Expect("]");
            }
            else
            {
                return names.Count > 0 ? new LabelPath(names) : throw Wrong("a label's name was expected, such as Labels.color");
            }
        }
    }

    private (FilterComparison Comparison, bool Negated) ParseOperator()
    {
        (FilterComparison, bool)? found = Current.Kind != FilterTokenKind.Symbol ? null : Current.Text switch
        {
            "=" or "==" => (FilterComparison.Equal, false),
            "!=" => (FilterComparison.Equal, true),
            "<" => (FilterComparison.Less, false),
            "<=" => (FilterComparison.LessOrEqual, false),
            ">" => (FilterComparison.Greater, false),
            ">=" => (FilterComparison.GreaterOrEqual, false),
            _ => null,
        };
        _ = found ?? throw Wrong("=, !=, <, <=, > or >= was expected");
        Advance();
        return found.Value;
    }

    private List<FilterConstant> ParseConstants()
    {
        Expect("[");
        var constants = new List<FilterConstant> { ParseConstant() };
        while (Take(","))
        {
            constants.Add(constants.Count < MaxConstants ? ParseConstant() : throw Wrong($"more than {MaxConstants} values"));
        }

        Expect("]");
        return constants;
    }

    private FilterConstant ParseConstant()
    {
        if (Current.Kind == FilterTokenKind.Text)
        {
            return new FilterConstant(Advance().Text, null, null);
        }

        if (Current.IsWord("true") || Current.IsWord("false"))
        {
            return new FilterConstant(null, null, Advance().IsWord("true"));
        }

        var negative = Take("-");
        if (Current.Kind == FilterTokenKind.Number
            && double.TryParse(Current.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            Advance();
            return new FilterConstant(null, negative ? -number : number, null);
        }

        throw Wrong("a text in quotes, a number, true or false was expected");
    }

    private FilterTime ParseTime()
    {
        if (Current.Kind == FilterTokenKind.Text)
        {
            return DateTimeOffset.TryParse(
                    Current.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? Taken(new FilterTime(time, default))
                : throw Wrong("a time such as \"2026-01-31T12:00:00Z\" was expected");
        }

        if (!TakeWord("now"))
        {
            throw Wrong("a time in quotes, or now, or now-7d was expected");
        }

        return Take("-") ? new FilterTime(null, ParseSpan()) : new FilterTime(null, default);
    }

    private TimeSpan ParseSpan()
    {
        var text = Current.Kind == FilterTokenKind.Number ? Current.Text : "";
        TimeSpan? unit = text.Length < 2 ? null : text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            'w' => TimeSpan.FromDays(7),
            _ => null,
        };
        return unit is not null && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 100_000
            ? Taken(unit.Value * count)
            : throw Wrong("a span such as 30m, 12h, 7d or 4w was expected");
    }

    private T Taken<T>(T value)
    {
        Advance();
        return value;
    }

    private static FilterNode Negated(FilterNode node, bool negated) => negated ? new FilterNode.Not(node) : node;

    private FilterToken Advance() => _tokens[_at++];

    private bool Take(string symbol)
    {
        var taken = Current.Is(symbol);
        _at += taken ? 1 : 0;
        return taken;
    }

    private bool TakeWord(string word)
    {
        var taken = Current.IsWord(word);
        _at += taken ? 1 : 0;
        return taken;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
        {
            throw Wrong($"'{symbol}' was expected");
        }
    }

    private FilterSyntaxException Wrong(string reason) => new(Current.Position, $"{reason}, found {Current}");
}
