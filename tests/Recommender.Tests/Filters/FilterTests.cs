using ServerlessRec.Recommender.Buffers;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Filters;

namespace ServerlessRec.Recommender.Tests.Filters;

public sealed class FilterTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly Item[] Items =
    [
        new()
        {
            ItemId = "a", Categories = ["Drama", "War"], Timestamp = Now.AddDays(-3),
            LabelsJson = """{"year":1994,"studio":"Pixar","tags":["toys","fun"],"hd":true,"price":{"eur":9.5},"odd name":"x","quote":"say \"hi\"","list":[{"a":1},[2],3]}""",
        },
        new() { ItemId = "b", Categories = ["Comedy"], Timestamp = Now.AddDays(-30), LabelsJson = """{"year":2001,"studio":"Ghibli","hd":false,"price":null}""" },
        new() { ItemId = "c" },
    ];

    [Theory]
    [InlineData("Categories contains \"War\"", "a")]
    [InlineData("'Comedy' in Categories or \"War\" in Categories", "ab")]
    [InlineData("Categories in ['War', 'Comedy']", "ab")]
    [InlineData("Categories = 'Drama' and Categories = 'War'", "a")]
    [InlineData("Categories not contains 'War'", "bc")]
    [InlineData("Categories != 'War'", "bc")]
    [InlineData("'Drama' not in Categories", "bc")]
    [InlineData("Labels.year >= 1994", "ab")]
    [InlineData("Labels.year > 1994", "b")]
    [InlineData("Labels.year < -1", "")]
    [InlineData("Labels.year != 1994", "bc")]
    [InlineData("Labels.studio = 'Pixar'", "a")]
    [InlineData("Labels.studio < 'H'", "b")]
    [InlineData("Labels.studio in ['Pixar', 'Ghibli']", "ab")]
    [InlineData("Labels.year in [2001, 7]", "b")]
    [InlineData("Labels.year = '1994'", "")]
    [InlineData("Labels.tags contains 'fun'", "a")]
    [InlineData("Labels.tags = 'toys'", "a")]
    [InlineData("'fun' in Labels.tags", "a")]
    [InlineData("Labels.hd = true", "a")]
    [InlineData("Labels.hd = false", "b")]
    [InlineData("Labels.price.eur < 10", "a")]
    [InlineData("Labels[\"odd name\"] = 'x'", "a")]
    [InlineData("Labels.quote = 'say \"hi\"'", "a")]
    [InlineData("Labels.list = 3", "a")]
    [InlineData("Labels.list = 1", "")]
    [InlineData("Labels.price exists", "a")]
    [InlineData("Labels.tags exists", "a")]
    [InlineData("not Labels.year exists", "c")]
    [InlineData("Timestamp >= now-7d", "a")]
    [InlineData("Timestamp < now - 1w", "b")]
    [InlineData("Timestamp > \"2026-06-01T00:00:00Z\"", "a")]
    [InlineData("not (Timestamp > '2026-06-01')", "bc")]
    [InlineData("ItemId in ['a', 'c']", "ac")]
    [InlineData("ItemId != 'a'", "bc")]
    [InlineData("not not ItemId = 'a'", "a")]
    [InlineData("ItemId = 'a' || ItemId = 'b' && Labels.year = 1", "a")]
    [InlineData("(ItemId = 'a' OR ItemId = 'b') AND NOT Labels.year = 1994", "b")]
    [InlineData("!(ItemId = 'a') && !(ItemId = 'b')", "c")]
    public void A_filter_lets_exactly_the_matching_items_pass(string text, string expected)
    {
        var filter = FilterExpression.Parse(text);
        using var table = Table();
        var passed = Enumerable.Range(0, Items.Length).Where(row => FilterEvaluator.Matches(filter.Root, new TableRow(table, row), Now));
        Assert.Equal(expected, string.Concat(passed.Select(table.Id)));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("Color = 'red'", 0)]
    [InlineData("Labels = 1", 7)]
    [InlineData("Labels.", 7)]
    [InlineData("Labels.a", 8)]
    [InlineData("Labels.a ~ 1", 9)]
    [InlineData("Labels.a = ", 11)]
    [InlineData("Labels.a = red", 11)]
    [InlineData("Labels.a = 'red", 11)]
    [InlineData("Labels.a = 1e999", 11)]
    [InlineData("Labels.a < true", 11)]
    [InlineData("Labels.a in []", 13)]
    [InlineData("Labels.a in [1,]", 15)]
    [InlineData("Labels.a = 1 Labels.b = 2", 13)]
    [InlineData("(Labels.a = 1", 13)]
    [InlineData("Labels.a = 1)", 12)]
    [InlineData("Timestamp = 7", 12)]
    [InlineData("Timestamp = 'yesterday'", 12)]
    [InlineData("Timestamp > now-7y", 16)]
    [InlineData("Categories > 'a'", 11)]
    [InlineData("'a' = Categories", 4)]
    [InlineData("1 in Categories", 15)]
    public void A_filter_that_cannot_be_read_is_refused_and_the_place_named(string text, int position)
    {
        var refusal = Assert.Throws<FilterSyntaxException>(() => FilterExpression.Parse(text));
        Assert.Equal(position, refusal.Position);
    }

    [Fact]
    public void Deep_long_or_wide_filters_are_refused_not_crashed_on()
    {
        Assert.Throws<FilterSyntaxException>(() => FilterExpression.Parse(new string('(', 2000) + "ItemId='a'" + new string(')', 2000)));
        Assert.Throws<FilterSyntaxException>(() => FilterExpression.Parse(new string(' ', 5000) + "ItemId='a'"));
        Assert.Throws<FilterSyntaxException>(() => FilterExpression.Parse($"Labels.a in [{string.Join(',', Enumerable.Repeat(1, 1500))}]"));
    }

    private static ItemTable Table()
    {
        using var stream = new MemoryStream();
        ItemTableWriter.Write([.. Items.Select(item => new CatalogueRow(item, 0, 1))], stream);
        var buffer = new NativeBuffer(stream.Length);
        stream.ToArray().CopyTo(buffer.Span(0, (int)stream.Length));
        return ItemTable.Open(buffer);
    }
}
