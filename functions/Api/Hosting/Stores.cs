using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Hosting;

/// <summary>The open stores that a server works on. Whoever opened them closes them, after the server has stopped.</summary>
/// <param name="Blobs">Releases, catalogue log, archive, dead letters.</param>
/// <param name="Users">Users and histories.</param>
/// <param name="Feedback">Takes feedback.</param>
/// <param name="Consume">Makes the consumer that hands feedback to a processor.</param>
public sealed record Stores(
    IBlobStore Blobs,
    IUserStore Users,
    IFeedbackLog Feedback,
    Func<FeedbackProcessor, ILoggerFactory, IFeedbackConsumer> Consume)
{
    /// <summary>The load of the current release, when it was begun with the opening.</summary>
    public ReleaseHeadStart? HeadStart { get; init; }
}
