namespace ServerlessRec.Recommender.Users;

/// <summary>Everything stored for one user: one row, written as a whole under its ETag.</summary>
/// <remarks>Immutable: a change makes a new state. The binary form is UserStateCodec's.</remarks>
public sealed record UserState
{
    /// <summary>Entries kept at most; older ones fall out.</summary>
    public const int HistoryCapacity = 200;

    /// <summary>Seen-item hashes kept at most; older ones fall out.</summary>
    public const int SeenCapacity = 2000;

    /// <summary>Applied marks kept at most; older ones fall out.</summary>
    public const int AppliedCapacity = 256;

    /// <summary>The user, with labels and comment.</summary>
    public required User User { get; init; }

    /// <summary>The last feedback, oldest first, in the order of their timestamps.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    /// <summary>
    /// <see cref="Catalogue.ItemHash"/> of items the user has seen, none twice: first those that fell out of the history, in the order
    /// they did, then the history's items, oldest first.
    /// </summary>
    public IReadOnlyList<ulong> SeenItems { get; init; } = [];

    /// <summary>User vector, unit length, in the release's dimensions; empty when none was inferred yet.</summary>
    public ReadOnlyMemory<float> Vector { get; init; }

    /// <summary>Tower version that made <see cref="Vector"/>; null without a vector.</summary>
    public string? TowerVersion { get; init; }

    /// <summary>
    /// Events already applied, oldest first: the place in the log of each, and the event id's hash or 0. Whether an event was applied
    /// is decided by this list alone, never by a high-water mark: a later batch can run before an earlier failing one.
    /// </summary>
    public IReadOnlyList<AppliedMark> Applied { get; init; } = [];

    /// <summary>
    /// When the user was last deleted: events that the log accepted up to then are never applied again. Null: never deleted.
    /// </summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>True: nothing but <see cref="DeletedAt"/> is left of the user, who counts as unknown until something new arrives.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>One applied event.</summary>
/// <param name="Partition">Partition of the log.</param>
/// <param name="Sequence">Sequence number in it.</param>
/// <param name="EventIdHash">XxHash64 of the event id; 0 when it had none.</param>
/// <param name="Stamp">The <see cref="LogStamp"/>; 0: none is known.</param>
public readonly record struct AppliedMark(int Partition, long Sequence, ulong EventIdHash, uint Stamp = LogStamp.Unknown);
