using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Retrieval;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Tests.Doubles;
using ServerlessRec.Recommender.Tests.Serving;

namespace ServerlessRec.Recommender.Tests.Retrieval;

/// <summary>A release is searched with as many candidates as it was measured to need, and a request with what makes it harder on top.</summary>
public sealed class EfSearchChoiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_least_that_finds_99_of_100_is_taken_and_a_harder_index_gets_more()
    {
        using var easy = Build(2_000, dimensions: 8);
        using var hard = Build(12_000, dimensions: 48);
        var (few, many) = (EfSearchChoice.For(easy, default, Cancel), EfSearchChoice.For(hard, default, Cancel));

        Assert.True(few < many, $"{few} and {many}");
        var check = new RecallCheck(hard, RecallCheck.LikeUsers(hard, 300, 1), Cancel);
        Assert.True(check.At(many, Cancel) >= 0.99 || many == EfSearchChoice.Most);
        Assert.True(check.At(many / 2, Cancel) < 0.99);
    }

    [Fact]
    public void Given_users_are_what_it_is_measured_with()
    {
        using var index = Build(12_000, dimensions: 48);
        var easy = Enumerable.Range(0, 100).Select(VectorOf).First(user => new RecallCheck(index, user, Cancel).At(64, Cancel) == 1);

        Assert.Equal(64, EfSearchChoice.For(index, easy, Cancel));
        Assert.True(EfSearchChoice.For(index, default, Cancel) > 64);

        float[] VectorOf(int item)
        {
            var vector = new float[48];
            index.CopyVector(item, vector);
            return vector;
        }
    }

    [Theory]
    [InlineData(64, 10, 0, false, 64)]
    [InlineData(64, 10, 50, false, 114)]
    [InlineData(64, 100, 50, false, 450)]
    [InlineData(64, 10, 2_000, false, 512)]
    [InlineData(64, 10, 0, true, 512)]
    [InlineData(512, 10, 0, false, 512)]
    [InlineData(64, 2_000, int.MaxValue, false, 512)]
    public void Longer_lists_left_out_items_and_filters_search_wider(int measured, int wanted, int excluded, bool isFiltered, int expected) =>
        Assert.Equal(expected, EfSearchChoice.Of(measured, wanted, excluded, isFiltered));

    [Fact]
    public async Task A_release_says_what_it_needs_and_one_that_does_not_is_searched_as_wide_as_any()
    {
        var blobs = new InMemoryBlobStore();
        var manifest = await new ReleaseStore(blobs, TimeProvider.System).PublishAsync(TestCatalogue.Draft(TestCatalogue.Rows(300)), cancellationToken: Cancel);
        Assert.Equal(64, manifest.EfSearch);
        Assert.Equal(64, ReleaseManifestJson.Read(ReleaseManifestJson.Write(manifest)).EfSearch);

        // As releases were written before they said it.
        var text = Encoding.UTF8.GetString(ReleaseManifestJson.Write(manifest));
        var body = text[..text.IndexOf(",\n  \"checksum\"", StringComparison.Ordinal)].Replace("  \"efSearch\": 64,\n", "", StringComparison.Ordinal);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        Assert.DoesNotContain("efSearch", body, StringComparison.Ordinal);
        Assert.Equal(EfSearchChoice.Most, ReleaseManifestJson.Read(Encoding.UTF8.GetBytes($"{body},\n  \"checksum\": \"{digest}\"\n}}\n")).EfSearch);
        Assert.Throws<InvalidDataException>(() => ReleaseManifestJson.Read(ReleaseManifestJson.Write(manifest with { EfSearch = 9 })));
    }

    [Fact]
    public async Task A_rebuild_never_searches_narrower_than_the_release_it_was_made_of()
    {
        var blobs = new InMemoryBlobStore();
        var draft = TestCatalogue.Draft(TestCatalogue.Rows(300));
        var manifest = await new ReleaseStore(blobs, TimeProvider.System).PublishAsync(draft with { EfSearch = 256 }, cancellationToken: Cancel);
        await new Recommender.Rebuilding.Rebuilder(blobs, new Recommender.Rebuilding.RebuildOptions(), TimeProvider.System).RunAsync(evenIfUpToDate: true, cancellationToken: Cancel);
        var store = new ReleaseStore(blobs, TimeProvider.System);
        var rebuilt = await store.ReadManifestAsync((await store.ReadCurrentAsync(Cancel))!.Current, Cancel);
        Assert.NotEqual(manifest.Id, rebuilt.Id);
        Assert.Equal(256, rebuilt.EfSearch);
    }

    [Fact]
    public void An_index_made_of_another_is_searched_wider_only_where_it_finds_less()
    {
        using var before = Build(6_000, dimensions: 32);
        using var alike = Build(6_300, dimensions: 32);
        using var harder = Build(20_000, dimensions: 32);
        RecallCheck Check(HnswIndex index) => new(index, RecallCheck.LikeUsers(index, 300, 1), Cancel);

        Assert.InRange(EfSearchChoice.After(Check(alike), before, 96, Cancel), 96, 128);
        Assert.True(EfSearchChoice.After(Check(harder), before, 96, Cancel) > 96);
        Assert.Equal(EfSearchChoice.Most, EfSearchChoice.After(Check(alike), before, EfSearchChoice.Most, Cancel));
    }

    [Fact]
    public async Task Lists_by_the_measured_width_are_those_of_the_widest_search()
    {
        using var world = await ServingWorld.CreateAsync(4_000);
        using var release = world.Holder.Acquire();
        Assert.True(release.Manifest.EfSearch < EfSearchChoice.Most);
        var wide = new RecommendationService(world.Holder, world.Users, new ServingOptions { EfSearch = 2_048 }, TimeProvider.System);
        var (same, all) = (0, 0);
        for (var user = 0; user < 100; user++)
        {
            world.AddUser($"u{user}", [.. Enumerable.Range(0, 20).Select(i => ((user * 31) + (i * 7)) % 4_000)]);
            var list = await world.Service.RecommendAsync($"u{user}", new RecommendQuery(), Cancel);
            var exact = (await wide.RecommendAsync($"u{user}", new RecommendQuery(), Cancel)).Items.Select(item => item.Id).ToHashSet();
            same += list.Items.Count(item => exact.Contains(item.Id));
            all += exact.Count;
        }

        Assert.True(same >= 0.985 * all, $"{same} of {all}");
    }

    // One thread, so that the graph is the same each time.
    private static HnswIndex Build(int count, int dimensions)
    {
        var random = new Random(5);
        var vectors = new float[count * dimensions];
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = random.NextSingle() - 0.5f;
        }

        for (var row = 0; row < count; row++)
        {
            var vector = vectors.AsSpan(row * dimensions, dimensions);
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        }

        return HnswIndex.Build(
            new HnswOptions { Dimensions = dimensions, Metric = Metric.InnerProduct, Rerank = RerankVectors.Residual, Threads = 1 },
            count,
            (row, to) => vectors.AsSpan(row * dimensions, dimensions).CopyTo(to),
            ct: Cancel);
    }
}
