using Microsoft.Extensions.Hosting;
using ServerlessRec.Recommender.Rebuilding;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Api.Rebuild;

/// <summary>
/// Rebuilds that callers ask for. They belong to the host: one that was begun goes on when its caller is gone, whoever asks meanwhile gets the
/// same one, and only the host's stop ends it. Any thread.
/// </summary>
public sealed class RebuildOnDemand(Rebuilder rebuilder, ReleaseHolder holder, IHostApplicationLifetime lifetime)
{
    private readonly Lock _lock = new();
    private Task<RebuildOutcome>? _running;

    /// <summary>The rebuild that runs, or a new one.</summary>
    /// <param name="force">Publish although nothing changed; a rebuild that runs already is not begun again for it.</param>
    /// <returns>Completes when the new release serves here, or with why there is none.</returns>
    public Task<RebuildOutcome> RunAsync(bool force)
    {
        lock (_lock)
        {
            return _running is { IsCompleted: false } running ? running : _running = Task.Run(() => RebuildAsync(force));
        }
    }

    private async Task<RebuildOutcome> RebuildAsync(bool force)
    {
        var outcome = await rebuilder.RunAsync(force, cancellationToken: lifetime.ApplicationStopping);
        await holder.RefreshAsync(lifetime.ApplicationStopping);
        return outcome;
    }
}
