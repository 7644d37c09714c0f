using Microsoft.Azure.Functions.Worker;
using ServerlessRec.Api.Triggers;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Worker.Timers;

/// <summary>Parked feedback in its rhythm.</summary>
public sealed class ReplayParkedFunction(FeedbackProcessor processor)
{
    /// <summary>Tries what is parked again; over all instances one does at a time. It runs apart from the hub's function, so that an event that kills it stops no partition.</summary>
    [Function(TriggerNames.ReplayParked)]
    public Task RunAsync([TimerTrigger(TriggerNames.ReplaySchedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        processor.ReplayParkedAsync(cancellationToken);
}
