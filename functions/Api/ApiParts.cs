using ServerlessRec.Api.Rebuild;
using ServerlessRec.Api.Telemetry;
using ServerlessRec.Api.Users;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api;

/// <summary>What the contract's handlers work with. A door makes it once.</summary>
/// <param name="Recommendations">Decides.</param>
/// <param name="Holder">The release that serves.</param>
/// <param name="Releases">All releases.</param>
/// <param name="Loader">Loads and checks a release.</param>
/// <param name="Users">Users and histories.</param>
/// <param name="Catalogue">Changes items.</param>
/// <param name="Feedback">Takes feedback.</param>
/// <param name="DeadLetters">Feedback that could never be applied.</param>
/// <param name="Rebuild">Rebuilds the release when asked.</param>
/// <param name="Meter">Measures.</param>
/// <param name="Limits">What one request may cost.</param>
/// <param name="Clock">Time.</param>
public sealed record ApiParts(
    RecommendationService Recommendations,
    ReleaseHolder Holder,
    ReleaseStore Releases,
    ReleaseLoader Loader,
    IUserStore Users,
    CatalogueService Catalogue,
    IFeedbackLog Feedback,
    DeadLetters DeadLetters,
    RebuildOnDemand Rebuild,
    ApiMeter Meter,
    ApiLimits Limits,
    TimeProvider Clock)
{
    /// <summary>Lets reads of a user wait for what was accepted before; one that never waits where another process applies feedback.</summary>
    public FeedbackBarrier Applied { get; init; } = new(null, TimeProvider.System);
}
