namespace ServerlessRec.Recommender.Releases;

/// <summary>A release that fails a check; it is never served.</summary>
public sealed class ReleaseDamagedException(string releaseId, string fileName, string reason, Exception? inner = null)
    : Exception($"Release '{releaseId}' is refused: {fileName}: {reason}.", inner)
{
    /// <summary>The release.</summary>
    public string ReleaseId { get; } = releaseId;

    /// <summary>The file that is wrong.</summary>
    public string FileName { get; } = fileName;
}

/// <summary>A release that was asked for does not exist, or there is none to go back to.</summary>
public sealed class ReleaseNotFoundException(string message) : Exception(message);

/// <summary>Another publisher kept the lease or changed the pointer for too long; nothing was published. Try again.</summary>
public sealed class ReleaseConflictException(string message) : Exception(message);
