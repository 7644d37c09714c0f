using Microsoft.Extensions.Logging.Abstractions;
using ServerlessRec.Contracts.Feedback;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Tests.Feedback;

public sealed class FeedbackLogTests : FeedbackLogContract, IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly PartitionedFeedbackLog _log;

    public FeedbackLogTests() => _log = PartitionedFeedbackLog.Open(_folder.Path, new FeedbackLogOptions(), TimeProvider.System);

    protected override IFeedbackLog Log => _log;

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    protected override IFeedbackConsumer OpenConsumer(FeedbackProcessor processor) => new FeedbackConsumer(
        _log, Path.Combine(_folder.Path, FeedbackConsumer.CheckpointFile), processor, TimeProvider.System, NullLogger<FeedbackConsumer>.Instance);
}
