using CsCheck;
using ServerlessRec.Contracts.Feedback;
using ServerlessRec.Contracts.InMemory;

namespace ServerlessRec.Recommender.Tests.Feedback;

public sealed class ExactlyOnceTests
{
    [Fact]
    public void Final_states_archive_and_dead_letters_equal_those_of_a_sequential_model() =>
        ExactlyOnce.Gen.Sample(
            world =>
            {
                var (users, blobs) = (new InMemoryUserStore(), new InMemoryBlobStore(TimeProvider.System));
                world.CheckAsync(() => (users, blobs)).GetAwaiter().GetResult();
            },
            iter: 2000);
}
