using Microsoft.Extensions.Logging;
using ServerlessRec.Embedded.Blobs;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Embedded.Users;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Embedded;

/// <summary>
/// Everything a recommender stores, in one folder of this machine: blobs as files in `blobs`, users in `users.db`, the feedback log
/// in `feedback`. Several processes may open the same folder at once; one of them the feedback log.
/// </summary>
public sealed class EmbeddedStore : IDisposable
{
    private readonly SqliteUserStore _users;

    private readonly string _feedback;
    private readonly TimeProvider _clock;

    private EmbeddedStore(string directory, TimeProvider clock)
    {
        _clock = clock;
        Directory = directory;
        _feedback = Path.Combine(directory, "feedback");
        Blobs = new FolderBlobStore(Path.Combine(directory, "blobs"), clock);
        _users = new SqliteUserStore(Path.Combine(directory, "users.db"));
    }

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>Releases, catalogue log, feedback archive, dead letters.</summary>
    public IBlobStore Blobs { get; }

    /// <summary>A row a user.</summary>
    public IUserStore Users => _users;

    /// <summary>Opens the folder, creating it when missing.</summary>
    /// <exception cref="BlobStoreException">The folder cannot be made or written.</exception>
    /// <exception cref="UserStoreException">users.db cannot be opened.</exception>
    public static EmbeddedStore Open(string directory, TimeProvider clock) => new(directory, clock);

    /// <summary>Opens or creates the feedback log; the caller disposes it.</summary>
    /// <exception cref="FeedbackLogException">Another process has it open, or it is damaged.</exception>
    public PartitionedFeedbackLog OpenFeedbackLog(FeedbackLogOptions options) => PartitionedFeedbackLog.Open(_feedback, options, _clock);

    /// <summary>The consumer that fills <see cref="Users"/> from the log; the caller runs and disposes it.</summary>
    public FeedbackConsumer CreateConsumer(PartitionedFeedbackLog log, FeedbackProcessor processor, ILogger<FeedbackConsumer> logger) =>
        new(log, Path.Combine(_feedback, FeedbackConsumer.CheckpointFile), processor, _clock, logger);

    /// <summary>Closes the user store; no call may be under way.</summary>
    public void Dispose() => _users.Dispose();
}
