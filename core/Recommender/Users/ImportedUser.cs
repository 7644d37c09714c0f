namespace ServerlessRec.Recommender.Users;

/// <summary>A user of an imported data set.</summary>
/// <param name="User">Id, labels, comment.</param>
/// <param name="History">The feedback, in any order; partition and sequence are set by the import.</param>
public sealed record ImportedUser(User User, IReadOnlyList<HistoryEntry> History);
