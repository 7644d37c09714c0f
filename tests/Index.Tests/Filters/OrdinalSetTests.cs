using CsCheck;

namespace ServerlessRec.Index.Tests.Filters;

public sealed class OrdinalSetTests
{
    [Fact]
    public void Behaves_as_a_set() => Gen.Select(Gen.Int[0, 99], Gen.Bool).Array.Sample(steps =>
    {
        var set = new OrdinalSet(100);
        var model = new HashSet<int>();
        foreach (var (ordinal, add) in steps)
            Assert.Equal(add ? model.Add(ordinal) : model.Remove(ordinal), add ? set.Add(ordinal) : set.Remove(ordinal));
        Assert.Equal(model.Count, set.Count);
        Assert.Equal(model.Order(), Enumerable.Range(-5, 200).Where(set.Contains));
    });

    [Fact]
    public void Ordinals_outside_the_capacity_are_refused_or_absent()
    {
        var set = new OrdinalSet(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Remove(-1));
        Assert.False(set.Contains(-1));
        Assert.False(set.Contains(64));
        set.Fill();
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 70).Where(set.Contains));
        set.Clear();
        Assert.Equal(0, set.Count);
    }
}
