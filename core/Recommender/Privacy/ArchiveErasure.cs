using System.Text;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Privacy;

/// <summary>
/// Takes the feedback of deleted users out of the archive. A blob that holds some is written anew without it, under a name of its own, and then
/// deleted: who reads in between finds an event twice, which readers skip, and never misses one.
/// </summary>
/// <remarks>
/// Hours that ended less than two hours ago are left for the next run, because a process may still append to them. Killed at any moment, it is
/// completed by the next run. One run at a time.
/// </remarks>
public sealed class ArchiveErasure(IBlobStore blobs, IUserStore users, TimeProvider clock)
{
    private static readonly TimeSpan StillOpen = TimeSpan.FromHours(2);

    /// <summary>Erases what was accepted before its user was deleted.</summary>
    /// <exception cref="BlobStoreException">The store is away; run it again.</exception>
    /// <exception cref="UserStoreException">The store is away; run it again.</exception>
    public async Task<ErasedFeedback> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = new DeletedUsers(users);
        var (events, rewritten, left) = (0, 0, 0);
        var paths = new List<string>();
        await foreach (var blob in blobs.ListAsync(FeedbackArchive.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (ArchivePath.Parse(blob.Path) is { } path)
            {
                if (path.Hour.AddHours(1) + StillOpen > clock.GetUtcNow())
                {
                    left++;
                }
                else
                {
                    paths.Add(blob.Path);
                }
            }
        }

        foreach (var path in paths)
        {
            var erased = await EraseAsync(path, deleted, cancellationToken).ConfigureAwait(false);
            (events, rewritten) = (events + erased, rewritten + (erased > 0 ? 1 : 0));
        }

        return new ErasedFeedback(events, rewritten, left);
    }

    private async Task<int> EraseAsync(string path, DeletedUsers deleted, CancellationToken cancellationToken)
    {
        var lines = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        await deleted.LearnAsync(lines.Select(line => line.Logged?.Event.UserId).OfType<string>(), cancellationToken).ConfigureAwait(false);
        var kept = lines.Where(line => line.Logged is not { } logged || !deleted.Covers(logged.Event.UserId, logged.AcceptedAt)).ToList();
        if (kept.Count == lines.Count)
        {
            return 0;
        }

        if (kept.Count > 0)
        {
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(kept.Select(line => line.Text + "\n"))), writable: false);
            await blobs.WriteAsync(ArchivePath.WithoutErased(path), content, WriteCondition.None, cancellationToken).ConfigureAwait(false);
        }

        await blobs.DeleteAsync(path, cancellationToken).ConfigureAwait(false);
        return lines.Count - kept.Count;
    }

    private async Task<List<(string Text, LoggedFeedback? Logged)>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var lines = new List<(string, LoggedFeedback?)>();
        if (await blobs.OpenReadAsync(path, cancellationToken).ConfigureAwait(false) is { } stream)
        {
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                lines.Add((line, ArchiveLine.Read(Encoding.UTF8.GetBytes(line))));
            }
        }

        return lines;
    }
}

/// <summary>What an erasure did.</summary>
/// <param name="Events">Lines that are gone.</param>
/// <param name="Blobs">Blobs that were written anew.</param>
/// <param name="LeftBlobs">Blobs of the last hours, which the next run looks at.</param>
public sealed record ErasedFeedback(int Events, int Blobs, int LeftBlobs);
