using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Tests.Doubles;
using ServerlessRec.Recommender.Tests.Serving;

namespace ServerlessRec.Recommender.Tests.Releases;

/// <summary>A release with the towers of the one before goes on with their open sessions.</summary>
public sealed class SharedTowerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuilt_release_uses_the_towers_of_the_one_that_served_and_they_outlive_it()
    {
        using var world = await ServingWorld.CreateAsync(100);
        world.AddUser("u", 1, 2);
        var first = world.Holder.Acquire();
        await world.PublishAsync(TestCatalogue.Rows(120));
        using var second = world.Holder.Acquire();

        Assert.NotEqual(first.Id, second.Id);
        Assert.Same(first.UserTower, second.UserTower);
        Assert.Same(first.ItemTower, second.ItemTower);

        // The last reference to the first release: its index goes, the towers stay.
        first.Dispose();
        Assert.Equal(10, (await world.Service.RecommendAsync("u", new RecommendQuery(), Cancel)).Items.Count);
    }

    [Fact]
    public async Task A_tower_is_freed_with_the_last_release_that_uses_it_and_not_shared_any_more()
    {
        using var world = await ServingWorld.CreateAsync(100);
        var first = world.Holder.Acquire();
        await world.PublishAsync(TestCatalogue.Rows(120));
        var tower = first.UserTower;
        first.Dispose();
        Assert.True(tower.TryShare());
        tower.Dispose();

        world.Holder.Dispose();

        Assert.False(tower.TryShare());
    }
}
