using ServerlessRec.Recommender.Catalogue;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>The hash by which a user's row remembers an event id. Stored in rows: never change it.</summary>
public static class EventIdHash
{
    /// <summary>XxHash64 (seed 0) of the UTF-8 bytes, 1 where that is 0; 0 for an event without id.</summary>
    public static ulong Of(string? eventId) => eventId is null ? 0 : Math.Max(1, ItemHash.Of(eventId));
}
