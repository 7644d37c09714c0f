using System.Globalization;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Pipeline;

namespace ServerlessRec.Training.Publishing;

/// <summary>The release that serves now, as a scorer to be no worse than.</summary>
internal sealed class CurrentRelease(IBlobStore blobs, TimeProvider clock, TrainingConsole console)
{
    /// <summary>Note of a manifest: the newest interaction it learned from, round-trip format.</summary>
    public const string NewestNote = "newestInteraction";

    /// <summary>The newest interaction that the current release has learned from; null when there is no release, or it does not say.</summary>
    public async Task<DateTimeOffset?> KnownUntilAsync(CancellationToken cancellationToken)
    {
        try
        {
            var releases = new ReleaseStore(blobs, clock);
            return await releases.ReadCurrentAsync(cancellationToken).ConfigureAwait(false) is { } pointer
                ? KnownUntil(await releases.ReadManifestAsync(pointer.Current, cancellationToken).ConfigureAwait(false))
                : null;
        }
        catch (Exception e) when (e is ReleaseDamagedException or ReleaseNotFoundException)
        {
            return null; // ForAsync says so
        }
    }

    /// <summary>The current release on the split's test cases; null when there is none or a comparison would not be fair.</summary>
    public async Task<ReleaseScorer?> ForAsync(EvaluationSplit split, CancellationToken cancellationToken)
    {
        var pointer = await new ReleaseStore(blobs, clock).ReadCurrentAsync(cancellationToken).ConfigureAwait(false);
        if (pointer is null)
        {
            return null;
        }

        try
        {
            using var release = await new ReleaseLoader(blobs).LoadAsync(pointer.Current, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (KnownUntil(release.Manifest) is not { } newest || split.Test.Any(asked => asked.AskedAt <= newest.ToUnixTimeMilliseconds()))
            {
                console.Say($"Current release {release.Id} has learned from the test period: it is not compared.");
                return null;
            }

            return new ReleaseScorer(ReleaseScorer.CurrentRelease, release, split.Dataset, split.Test);
        }
        catch (Exception e) when (e is ReleaseDamagedException or ReleaseNotFoundException)
        {
            console.Say($"Current release {pointer.Current} cannot be compared: {e.Message}");
            return null;
        }
    }

    private static DateTimeOffset? KnownUntil(ReleaseManifest manifest) =>
        manifest.Notes.TryGetValue(NewestNote, out var note)
        && DateTimeOffset.TryParse(note, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var newest)
            ? newest
            : null;
}
