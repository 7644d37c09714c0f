using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback.Parking;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>What a <see cref="FeedbackProcessor"/> keeps in blobs. Thread-safe.</summary>
/// <param name="Archive">Every valid event, for training.</param>
/// <param name="DeadLetters">What can never be applied.</param>
/// <param name="Parking">What could not be applied for now.</param>
/// <param name="Suspects">What might have killed a process.</param>
public sealed record FeedbackFiles(FeedbackArchive Archive, DeadLetters DeadLetters, FeedbackParking Parking, SuspectList Suspects)
{
    /// <summary>All of it in one blob store.</summary>
    public static FeedbackFiles Over(IBlobStore blobs, TimeProvider clock) => Over(blobs, new DeadLetters(blobs), clock);

    /// <summary>The same, with dead letters that others use too.</summary>
    public static FeedbackFiles Over(IBlobStore blobs, DeadLetters deadLetters, TimeProvider clock) =>
        new(new FeedbackArchive(blobs), deadLetters, new FeedbackParking(blobs, clock), new SuspectList(blobs));
}
