using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Rebuilding;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Tests.Doubles;

namespace ServerlessRec.Recommender.Tests.Ranking;

/// <summary>The ranker as a file of a release that may be missing.</summary>
public sealed class RankerReleaseTests
{
    private readonly InMemoryBlobStore _blobs = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_without_a_ranker_loads_as_before_and_one_with_it_has_the_same_towers()
    {
        var plain = await PublishAsync(TestCatalogue.Draft(20));
        var ranked = await PublishAsync(TestCatalogue.Draft(20).WithRanker());
        Assert.Null(plain.Ranker);
        Assert.DoesNotContain("anker", System.Text.Encoding.UTF8.GetString(_blobs.Get(ReleasePaths.Manifest(plain.Id))), StringComparison.Ordinal);
        Assert.Equal(plain.TowerVersion, ranked.TowerVersion);
        using var without = await LoadAsync(plain.Id);
        using var with = await LoadAsync(ranked.Id);
        Assert.Null(without.Ranker);
        Assert.Equal(TestRanker.Spec, with.Ranker!.Spec);
        Assert.Equal(TestRanker.Reversing, with.Ranker.Onnx.ToArray());
    }

    [Fact]
    public async Task A_flipped_byte_a_missing_or_an_empty_ranker_refuses_the_release_and_the_old_one_serves()
    {
        using var holder = new ReleaseHolder(_blobs, TimeProvider.System, NullLogger<ReleaseHolder>.Instance);
        var old = await PublishAsync(TestCatalogue.Draft(20));
        await holder.RefreshAsync(Cancel);
        var path = ReleasePaths.File((await PublishAsync(TestCatalogue.Draft(25).WithRanker())).Id, Ranker.FileName);
        var whole = _blobs.Get(path);
        for (var at = 0; at <= whole.Length; at++)
        {
            var bad = whole.ToArray();
            if (at < whole.Length)
            {
                bad[at] ^= (byte)(1 << (at % 8));
            }

            _blobs.Put(path, at < whole.Length ? bad : []);
            Touch();
            Assert.Equal(RefreshOutcome.Refused, await holder.RefreshAsync(Cancel));
            Assert.Contains(Ranker.FileName, holder.Problem, StringComparison.Ordinal);
            Assert.Equal(old.Id, holder.Manifest!.Id);
        }

        await _blobs.DeleteAsync(path, Cancel);
        Touch();
        Assert.Equal(RefreshOutcome.Refused, await holder.RefreshAsync(Cancel));
        _blobs.Put(path, whole);
        Touch();
        Assert.Equal(RefreshOutcome.Swapped, await holder.RefreshAsync(Cancel));
    }

    [Fact]
    public async Task A_manifest_that_contradicts_its_files_refuses_the_release()
    {
        var manifest = await PublishAsync(TestCatalogue.Draft(20).WithRanker());
        foreach (var (wrong, file) in ((ReleaseManifest, string)[])
        [
            (manifest with { Ranker = null }, Ranker.FileName),
            (manifest with { Files = [.. manifest.Files.Where(listed => listed.Name != Ranker.FileName)] }, Ranker.FileName),
            (manifest with { Ranker = TestRanker.Spec with { Format = 2 } }, ReleasePaths.ManifestName),
            (manifest with { Ranker = TestRanker.Spec with { ScoreScale = 0 } }, ReleasePaths.ManifestName),
            (manifest with { Ranker = TestRanker.Spec with { Candidates = 9 } }, ReleasePaths.ManifestName),
        ])
        {
            _blobs.Put(ReleasePaths.Manifest(manifest.Id), ReleaseManifestJson.Write(wrong));
            Assert.Equal(file, (await Assert.ThrowsAsync<ReleaseDamagedException>(() => LoadAsync(manifest.Id))).FileName);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_draft_whose_ranker_is_incomplete_is_not_published(bool hasSpec)
    {
        var draft = TestCatalogue.Draft(20).WithRanker();
        draft = hasSpec ? draft with { Ranker = default } : draft with { RankerSpec = null };
        await Assert.ThrowsAsync<ArgumentException>(() => PublishAsync(draft));
    }

    [Fact]
    public async Task A_ranker_that_is_no_model_or_wants_other_inputs_refuses_the_release_at_the_swap()
    {
        using var holder = new ReleaseHolder(_blobs, TimeProvider.System, NullLogger<ReleaseHolder>.Instance);
        await PublishAsync(TestCatalogue.Draft(20));
        await holder.RefreshAsync(Cancel);
        foreach (var model in (byte[][])[[1, 2, 3], TestTowers.Item])
        {
            await PublishAsync(TestCatalogue.Draft(25).WithRanker() with { Ranker = model });
            Assert.Equal(RefreshOutcome.Refused, await holder.RefreshAsync(Cancel));
            Assert.Contains(Ranker.FileName, holder.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_rebuild_keeps_the_ranker_and_its_open_session()
    {
        using var holder = new ReleaseHolder(_blobs, TimeProvider.System, NullLogger<ReleaseHolder>.Instance);
        var old = await PublishAsync(TestCatalogue.Draft(40).WithRanker());
        await holder.RefreshAsync(Cancel);
        using var before = holder.Acquire();
        var options = new RebuildOptions { Threads = 1, RecallQueries = 20, WaitForOthers = TimeSpan.Zero };
        var outcome = await new Rebuilder(_blobs, options, TimeProvider.System).RunAsync(evenIfUpToDate: true, null, Cancel);
        Assert.Equal(RebuildResult.Published, outcome.Result);
        await holder.RefreshAsync(Cancel);
        using var after = holder.Acquire();
        Assert.NotEqual(before.Id, after.Id);
        Assert.Equal((old.Ranker, Sha(old)), (after.Manifest.Ranker, Sha(after.Manifest)));
        Assert.Same(before.Ranker, after.Ranker);
    }

    private static string Sha(ReleaseManifest manifest) => manifest.Files.Single(file => file.Name == Ranker.FileName).Sha256;

    private void Touch() => _blobs.Put(ReleasePaths.Current, _blobs.Get(ReleasePaths.Current));

    private Task<LoadedRelease> LoadAsync(string id) => new ReleaseLoader(_blobs).LoadAsync(id, cancellationToken: Cancel);

    private Task<ReleaseManifest> PublishAsync(ReleaseDraft draft) => new ReleaseStore(_blobs, TimeProvider.System).PublishAsync(draft, null, Cancel);
}
