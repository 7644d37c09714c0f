namespace ServerlessRec.Recommender.Feedback;

/// <summary>An event that can never be applied, kept for a person to look at.</summary>
/// <param name="Raw">Place in the log and bytes, as they came.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record DeadLetter(RawFeedback Raw, string Reason);
