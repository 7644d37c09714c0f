using Microsoft.Azure.Functions.Worker;
using ServerlessRec.Api;
using ServerlessRec.Api.Triggers;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Worker.Startup;

/// <summary>What a new instance does before it gets requests.</summary>
public sealed class WarmupFunction(ReleaseHolder releases, ApiLimits limits)
{
    /// <summary>Waits until the release is loaded.</summary>
    [Function(TriggerNames.Warmup)]
    public Task RunAsync([WarmupTrigger] object warmup, CancellationToken cancellationToken) =>
        releases.WaitForFirstLookAsync(limits.ReleaseWait, cancellationToken).AsTask();
}
