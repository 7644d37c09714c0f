using Microsoft.Azure.Functions.Worker;
using ServerlessRec.Api.Rebuild;
using ServerlessRec.Api.Triggers;

namespace ServerlessRec.Worker.Timers;

/// <summary>The rebuild in its rhythm.</summary>
public sealed class RebuildIndexFunction(ScheduledRebuild rebuild)
{
    /// <summary>Makes a release of item changes and feedback since the current one; over all instances one runs at a time.</summary>
    [Function(TriggerNames.RebuildIndex)]
    public Task RunAsync([TimerTrigger(TriggerNames.RebuildSchedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        rebuild.RunAsync(cancellationToken);
}
