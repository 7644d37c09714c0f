using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Rebuilding;

namespace ServerlessRec.Api.Rebuild;

/// <summary>One rebuild in a rhythm, whoever keeps the rhythm; its outcome goes to the log.</summary>
public sealed partial class ScheduledRebuild(Rebuilder rebuilder, ILogger<ScheduledRebuild> logger)
{
    /// <summary>Rebuilds unless nothing changed. A failure is thrown; what serves goes on serving.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var outcome = await rebuilder.RunAsync(cancellationToken: cancellationToken);
        LogOutcome(outcome.Result, outcome.Reason);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Rebuild: {Result}. {Reason}")]
    private partial void LogOutcome(RebuildResult result, string reason);
}
