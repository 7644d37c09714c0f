using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Tests.Doubles;

namespace ServerlessRec.Recommender.Tests.Releases;

public sealed class ReleaseStoreTests
{
    private readonly InMemoryBlobStore _blobs = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ReleaseStore Store => new(_blobs, TimeProvider.System);

    [Fact]
    public async Task A_published_release_is_current_and_loads_as_it_was_drafted()
    {
        var draft = TestCatalogue.Draft(50);
        var manifest = await Store.PublishAsync(draft, null, Cancel);
        Assert.Equal(manifest.Id, (await Store.ReadCurrentAsync(Cancel))!.Current);
        using var loaded = await new ReleaseLoader(_blobs).LoadAsync(manifest.Id, cancellationToken: Cancel);
        Assert.Equal(.25, loaded.Manifest.Metrics["model.ndcg@10"]);
        var vector = new float[TestCatalogue.Dimensions];
        for (var row = 0; row < 50; row++)
        {
            Assert.Equal(draft.Items[row].Item.ItemId, loaded.Items.Id(row));
            loaded.Index.CopyVector(row, vector);
            Assert.Equal(draft.ItemVectors.Slice(row * vector.Length, vector.Length).ToArray(), vector);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kill_at_any_call_leaves_the_old_release_serving_and_nothing_that_the_next_publish_does_not_clear(bool afterTheCall)
    {
        var old = await Store.PublishAsync(TestCatalogue.Draft(20), null, Cancel);
        var draft = TestCatalogue.Draft(30);
        var kills = 0;
        for (; ; kills++)
        {
            var calls = 0;
            var dead = false;
            void Kill(string call, string path)
            {
                dead |= calls++ == kills;
                if (dead)
                {
                    throw new BlobStoreException("killed");
                }
            }

            _blobs.BeforeCall = afterTheCall ? null : Kill;
            _blobs.AfterWrite = afterTheCall ? Kill : null;
            var outcome = await Record.ExceptionAsync(() => Store.PublishAsync(draft, null, Cancel));
            (_blobs.BeforeCall, _blobs.AfterWrite) = (null, null);
            _blobs.ExpireLeases();
            var current = (await Store.ReadCurrentAsync(Cancel))!.Current;
            using (await new ReleaseLoader(_blobs).LoadAsync(current, cancellationToken: Cancel))
            {
                Assert.True(current == old.Id || _blobs.Paths.Contains(ReleasePaths.Manifest(current)));
            }

            if (outcome is null)
            {
                break;
            }

            Assert.IsType<BlobStoreException>(outcome);
        }

        Assert.True(kills >= (afterTheCall ? 7 : 14), $"only {kills} calls were killed");
        await Store.PublishAsync(draft, null, Cancel);
        var folders = _blobs.Paths.Select(ReleasePaths.ReleaseOf).Where(id => id is not null).ToHashSet();
        Assert.All(folders, id => Assert.Contains(ReleasePaths.Manifest(id!), _blobs.Paths));
    }

    [Fact]
    public async Task Rollback_goes_back_one_release_at_a_time_and_then_says_that_there_is_none()
    {
        var ids = await PublishAsync(3);
        Assert.Equal(ids[1], (await Store.RollbackAsync(Cancel)).Id);
        Assert.Equal(ids[0], (await Store.RollbackAsync(Cancel)).Id);
        await Assert.ThrowsAsync<ReleaseNotFoundException>(() => Store.RollbackAsync(Cancel));
        Assert.Equal(ids[0], (await Store.ReadCurrentAsync(Cancel))!.Current);
        await Store.PromoteAsync(ids[2], Cancel);
        Assert.Equal([ids[2], ids[0]], ((IEnumerable<string>)[(await Store.ReadCurrentAsync(Cancel))!.Current]).Concat((await Store.ReadCurrentAsync(Cancel))!.Previous));
    }

    [Fact]
    public async Task Two_people_rolling_back_at_once_roll_back_one_release()
    {
        var ids = await PublishAsync(3);
        var other = true;
        _blobs.BeforeCall = (call, path) =>
        {
            if (call == "write" && path == ReleasePaths.Current && other)
            {
                other = false;
                Store.RollbackAsync(Cancel).GetAwaiter().GetResult();
            }
        };
        await Store.RollbackAsync(Cancel);
        Assert.Equal(ids[1], (await Store.ReadCurrentAsync(Cancel))!.Current);
    }

    [Fact]
    public async Task A_promotion_survives_others_writing_the_pointer()
    {
        var ids = await PublishAsync(3);
        var others = 5;
        _blobs.BeforeCall = (call, path) =>
        {
            if (call == "write" && path == ReleasePaths.Current && others > 0)
            {
                others--;
                _blobs.Put(ReleasePaths.Current, _blobs.Get(ReleasePaths.Current));
            }
        };
        await Store.PromoteAsync(ids[0], Cancel);
        Assert.Equal(ids[0], (await Store.ReadCurrentAsync(Cancel))!.Current);
    }

    [Theory]
    [InlineData("nothing-like-it")]
    [InlineData("../current")]
    [InlineData("")]
    public async Task Promoting_what_does_not_exist_is_refused(string id)
    {
        await PublishAsync(1);
        await Assert.ThrowsAsync<ReleaseNotFoundException>(() => Store.PromoteAsync(id, Cancel));
    }

    [Fact]
    public async Task Promoting_a_release_with_a_missing_file_is_refused_and_the_file_named()
    {
        var ids = await PublishAsync(2);
        await _blobs.DeleteAsync(ReleasePaths.File(ids[0], "items.bin"), Cancel);
        Assert.Equal("items.bin", (await Assert.ThrowsAsync<ReleaseDamagedException>(() => Store.RollbackAsync(Cancel))).FileName);
        Assert.Equal(ids[1], (await Store.ReadCurrentAsync(Cancel))!.Current);
    }

    [Fact]
    public async Task Pruning_keeps_the_current_release_the_previous_ones_and_the_newest()
    {
        var ids = await PublishAsync(6);
        await Store.PromoteAsync(ids[0], Cancel);
        _blobs.Put(ReleasePaths.File("20200101T000000Z-dead00", "items.bin"), [1]);
        var pruned = await Store.PruneAsync(2, Cancel);
        Assert.Contains("20200101T000000Z-dead00", pruned);
        var left = (await Store.ListAsync(Cancel)).Select(r => r.Id).ToHashSet();
        Assert.Equal([ids[0], ids[4], ids[5]], left.Order(StringComparer.Ordinal));
        Assert.All((await Store.ReadCurrentAsync(Cancel))!.Previous, id => Assert.Contains(id, left));
    }

    [Fact]
    public async Task Releases_made_within_one_second_are_listed_newest_first()
    {
        var ids = await PublishAsync(5);
        Assert.Equal(Enumerable.Reverse(ids), (await Store.ListAsync(Cancel)).Select(r => r.Id));
    }

    [Fact]
    public async Task A_list_shows_a_damaged_release_with_its_problem()
    {
        var ids = await PublishAsync(2);
        _blobs.Get(ReleasePaths.Manifest(ids[0]))[10] ^= 1;
        var list = await Store.ListAsync(Cancel);
        Assert.Contains("checksum", list.Single(r => r.Id == ids[0]).Problem, StringComparison.Ordinal);
        Assert.True(list.Single(r => r.Id == ids[1]).IsCurrent);
    }

    [Fact]
    public async Task Publishing_repairs_a_damaged_pointer()
    {
        await PublishAsync(1);
        _blobs.Put(ReleasePaths.Current, [1, 2, 3]);
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.ReadCurrentAsync(Cancel));
        var ids = await PublishAsync(1);
        Assert.Equal(ids[0], (await Store.ReadCurrentAsync(Cancel))!.Current);
    }

    [Fact]
    public async Task A_second_publisher_waits_for_the_first()
    {
        var lease = await _blobs.TryAcquireLeaseAsync("release-publish", TimeSpan.FromSeconds(15), Cancel);
        var publishing = Store.PublishAsync(TestCatalogue.Draft(10), null, Cancel);
        await Task.Delay(200, Cancel);
        Assert.DoesNotContain(_blobs.Paths, p => p.StartsWith(ReleasePaths.Prefix, StringComparison.Ordinal));
        await lease!.DisposeAsync();
        await publishing;
        Assert.NotNull(await Store.ReadCurrentAsync(Cancel));
    }

    [Fact]
    public async Task A_vector_that_has_not_unit_length_is_refused_and_the_item_named()
    {
        var draft = TestCatalogue.Draft(5);
        var vectors = draft.ItemVectors.ToArray();
        vectors.AsSpan(2 * TestCatalogue.Dimensions, TestCatalogue.Dimensions).Clear();
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => Store.PublishAsync(draft with { ItemVectors = vectors }, null, Cancel));
        Assert.Contains("'item-2'", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<List<string>> PublishAsync(int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add((await Store.PublishAsync(TestCatalogue.Draft(10 + i), null, Cancel)).Id);
        }

        return ids;
    }
}
