using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Filters;

public sealed class FilterTests : IDisposable
{
    private readonly VectorSet _vectors = VectorSet.Clustered(8000, 32, 1);
    private readonly VectorSet _queries = VectorSet.Clustered(50, 32, 2);
    private readonly HnswIndex _index;

    public FilterTests() => _index = HnswIndex.Build(
        new HnswOptions { Dimensions = 32, Metric = Metric.Cosine, EfConstruction = 80 }, _vectors.Count, _vectors.Read);

    public void Dispose() => _index.Dispose();

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    public void Filtered_search_finds_the_nearest_that_match(double selectivity)
    {
        var allowed = Random(selectivity, 3);
        var recall = Recall.At(10, _index, _vectors, _queries, 64, allowed);
        Assert.True(recall >= 0.97, $"recall@10 {recall}");
    }

    [Fact]
    public void Excluded_ordinals_are_never_returned_and_do_not_shorten_the_answer()
    {
        // The worst case: exactly what the query would find is excluded.
        var results = new Neighbor[10];
        var found = 0;
        for (var q = 0; q < _queries.Count; q++)
        {
            var excluded = new OrdinalSet(_vectors.Count);
            foreach (var near in _vectors.Nearest(Metric.Cosine, _queries[q], 400))
                excluded.Add(near);
            Assert.Equal(10, _index.Search(_queries[q], 32, results, new SearchFilter { Excluded = excluded }));
            Assert.DoesNotContain(results, r => excluded.Contains(r.Ordinal));
            var exact = _vectors.Nearest(Metric.Cosine, _queries[q], 10, i => !excluded.Contains(i));
            found += results.Count(r => exact.Contains(r.Ordinal));
        }
        Assert.True(found >= 0.9 * 10 * _queries.Count, $"found {found}");
    }

    [Fact]
    public void Never_fewer_than_asked_while_so_many_match()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var allowed = Random(Math.Pow(random.NextDouble(), 4), round);
            var excluded = Random(random.NextDouble(), round + 1000);
            var matching = Enumerable.Range(0, _vectors.Count).Count(i => allowed.Contains(i) && !excluded.Contains(i));
            var results = new Neighbor[random.Next(1, 300)];
            var count = _index.Search(_queries[round % 50], random.Next(1, 100), results, new SearchFilter { Allowed = allowed, Excluded = excluded });
            Assert.Equal(Math.Min(results.Length, matching), count);
            Assert.Equal(count, results.Take(count).Select(r => r.Ordinal).Distinct().Count());
            Assert.All(results.Take(count), r => Assert.True(allowed.Contains(r.Ordinal) && !excluded.Contains(r.Ordinal)));
        }
    }

    [Fact]
    public void A_filter_far_from_the_query_is_answered_in_full()
    {
        // Items of one remote cluster only: a walk near the query meets none of them.
        var results = new Neighbor[10];
        for (var q = 0; q < _queries.Count; q++)
        {
            var allowed = new OrdinalSet(_vectors.Count);
            foreach (var far in _vectors.Nearest(Metric.Cosine, _queries[q], _vectors.Count).TakeLast(1500))
                allowed.Add(far);
            Assert.Equal(10, _index.Search(_queries[q], 32, results, new SearchFilter { Allowed = allowed }));
            Assert.All(results, r => Assert.True(allowed.Contains(r.Ordinal)));
        }
    }

    [Fact]
    public void An_empty_filter_answers_nothing() =>
        Assert.Equal(0, _index.Search(_queries[0], 10, new Neighbor[5], new SearchFilter { Allowed = new OrdinalSet(10) }));

    private OrdinalSet Random(double selectivity, int seed)
    {
        var random = new Random(seed);
        var set = new OrdinalSet(_vectors.Count);
        for (var i = 0; i < _vectors.Count; i++)
        {
            if (random.NextDouble() < selectivity)
                set.Add(i);
        }
        return set;
    }
}
