using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Tests.Towers;

public sealed class TextWordsTests
{
    [Fact]
    public void Word_ids_never_change_because_stored_models_depend_on_them()
    {
        Assert.Equal([(6988L, 1f), (3009L, 1f), (507L, 1f)], Words("Toy Story (1995)"));
    }

    [Theory]
    [InlineData("Toy Story", "TOY, story!")]
    [InlineData("Ärger über Öl", "ärger ÜBER öl")]
    [InlineData("東京 物語", "東京物語")]
    [InlineData("a b", "a\uD800b")]
    public void Case_and_punctuation_do_not_matter(string one, string other) => Assert.Equal(Words(one), Words(other));

    [Fact]
    public void A_repeated_word_is_counted() => Assert.Equal(2, Words("new york new").Max(w => w.Count));

    [Fact]
    public void Words_beyond_the_limit_are_left_out_but_known_ones_still_count()
    {
        var ids = new long[2];
        var counts = new float[2];
        Assert.Equal(2, TextWords.Collect("a b c a", 10_000, ids, counts, 0));
        Assert.Equal([2f, 1f], counts);
    }

    [Fact]
    public void A_word_longer_than_64_units_is_cut() => Assert.Equal(Words(new string('x', 64)), Words(new string('x', 5000)));

    private static (long Id, float Count)[] Words(string text)
    {
        var ids = new long[24];
        var counts = new float[24];
        var used = TextWords.Collect(text, 10_000, ids, counts, 0);
        return [.. ids.Zip(counts).Take(used)];
    }
}
