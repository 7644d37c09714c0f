namespace ServerlessRec.Embedded.Feedback;

/// <summary>Where a partition's reader stands.</summary>
/// <param name="Position">Log position of a frame; everything before it is read.</param>
/// <param name="Sequence">First sequence number that is not read yet; lower ones of that frame are.</param>
public readonly record struct LogPlace(long Position, long Sequence);
