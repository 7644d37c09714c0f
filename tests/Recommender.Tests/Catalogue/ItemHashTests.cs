using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Tests.Catalogue;

public sealed class ItemHashTests
{
    // The values lie in user rows and release files: a change would make every stored "seen" mark and item table wrong.
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999UL)]
    [InlineData("a", 0xD24EC4F1A98C6E5BUL)]
    public void Hashes_of_ids_never_change(string itemId, ulong expected) => Assert.Equal(expected, ItemHash.Of(itemId));

    [Fact]
    public void Ids_longer_than_the_stack_buffer_hash_all_their_characters()
    {
        var longId = new string('x', 5000);
        Assert.NotEqual(ItemHash.Of(longId), ItemHash.Of(longId + "y"));
    }
}
