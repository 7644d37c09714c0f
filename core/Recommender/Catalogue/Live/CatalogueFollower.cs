using Microsoft.Extensions.Logging;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Catalogue.Log;

namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>Brings a catalogue up to the end of the catalogue log. One call at a time for one catalogue.</summary>
internal sealed partial class CatalogueFollower(IBlobStore blobs, ILogger log) : IDisposable
{
    private const int BatchSize = 512;

    private readonly CatalogueLog _changes = new(blobs);
    private string? _reported;

    /// <summary>Applies everything behind the catalogue's position; returns why it had to stop before the end, or null.</summary>
    /// <exception cref="BlobStoreException">The store is away.</exception>
    public async Task<string?> FollowAsync(LiveCatalogue catalogue, CancellationToken cancellationToken)
    {
        var batch = new List<CatalogueChange>();
        var position = catalogue.Position;
        try
        {
            await foreach (var logged in _changes.ReadAsync(position, cancellationToken).ConfigureAwait(false))
            {
                batch.Add(logged.Change);
                position = logged.Position;
                if (batch.Count == BatchSize)
                {
                    Apply(catalogue, batch, position, cancellationToken);
                }
            }

            Apply(catalogue, batch, position, cancellationToken);
            _reported = null;
            return null;
        }
        catch (CatalogueLogException e)
        {
            Apply(catalogue, batch, position, cancellationToken);
            if (_reported != e.Message)
            {
                _reported = e.Message;
                LogStopped(log, e.Message);
            }

            return e.Message;
        }
    }

    public void Dispose() => _changes.Dispose();

    private void Apply(LiveCatalogue catalogue, List<CatalogueChange> batch, long position, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var failed = catalogue.Apply(batch, position, cancellationToken);
        if (failed.Count > 0)
        {
            LogFailed(log, failed.Count, position);
        }

        batch.Clear();
    }

    [LoggerMessage(1, LogLevel.Error, "The catalogue cannot be followed: {Problem}")]
    private static partial void LogStopped(ILogger log, string problem);

    [LoggerMessage(2, LogLevel.Error, "The item tower could not read {Count} items before catalogue log position {Position}; they stay as they were.")]
    private static partial void LogFailed(ILogger log, int count, long position);
}
