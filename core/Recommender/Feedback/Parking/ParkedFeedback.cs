namespace ServerlessRec.Recommender.Feedback.Parking;

/// <summary>An event that is put aside until it is tried again.</summary>
/// <param name="Raw">Place in the log and bytes, as they came; it keeps its place, so that it counts once however often it is tried.</param>
/// <param name="Reason">Why it was not applied.</param>
public sealed record ParkedFeedback(RawFeedback Raw, string Reason);
