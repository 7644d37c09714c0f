using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>Which partition of an embedded log a user's events go to. Stored in logs: never change it.</summary>
public static class UserPartition
{
    /// <summary>XxHash64 of the user id modulo <paramref name="partitions"/>.</summary>
    public static int Of(string userId, int partitions) => (int)(ItemHash.Of(userId) % (ulong)partitions);
}
