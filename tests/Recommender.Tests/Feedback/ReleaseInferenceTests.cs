using System.Numerics.Tensors;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Contracts.InMemory;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Tests.Serving;

namespace ServerlessRec.Recommender.Tests.Feedback;

public sealed class ReleaseInferenceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Feedback_on_an_item_that_was_posted_since_the_release_moves_the_user_vector()
    {
        using var world = await ServingWorld.CreateAsync(100);
        using var log = new CatalogueLog(world.Blobs);
        await new CatalogueService(log, world.Holder).PutAsync([world.Rows[50].Item with { ItemId = "posted" }], Cancel);
        var users = new InMemoryUserStore();
        var blobs = new InMemoryBlobStore(TimeProvider.System);
        var processor = new FeedbackProcessor(
            users,
            ReleaseInference.By(world.Holder),
            FeedbackFiles.Over(blobs, TimeProvider.System),
            new FeedbackRetries(),
            TimeProvider.System,
            NullLogger<FeedbackProcessor>.Instance);
        await processor.ProcessAsync([Click(0, "u", "item-3"), Click(1, "like-u", "item-3")], Cancel);
        var before = await VectorAsync("u");
        await processor.ProcessAsync([Click(2, "u", "posted"), Click(3, "like-u", "item-50")], Cancel);
        var after = await VectorAsync("u");
        Assert.NotEqual(before, after);
        Assert.True(TensorPrimitives.Distance<float>(await VectorAsync("like-u"), after) < 0.01);

        async Task<float[]> VectorAsync(string userId) => (await users.ReadAsync(userId, Cancel))!.State.Vector.ToArray();
    }

    private static RawFeedback Click(long sequence, string userId, string itemId) => new(
        0,
        sequence,
        ServingWorld.Now.AddSeconds(sequence),
        Encoding.UTF8.GetBytes($$"""{"FeedbackType":"click","UserId":"{{userId}}","ItemId":"{{itemId}}"}"""));
}
