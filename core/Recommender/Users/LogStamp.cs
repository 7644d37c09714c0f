namespace ServerlessRec.Recommender.Users;

/// <summary>
/// The low 32 bits of the millisecond at which a log took an event. A log that is made anew (a restored store, another hub) counts from 0
/// again: the same partition and sequence number are then another event, which only the time tells.
/// </summary>
public static class LogStamp
{
    /// <summary>No time is known: an import, or a state that was stored before stamps were. Equal to every stamp.</summary>
    public const uint Unknown = 0;

    /// <summary>Never <see cref="Unknown"/>.</summary>
    public static uint Of(DateTimeOffset acceptedAt) => Math.Max(1, unchecked((uint)acceptedAt.ToUnixTimeMilliseconds()));

    /// <summary>Whether both can be of one event.</summary>
    public static bool Match(uint one, uint other) => one == other || one == Unknown || other == Unknown;
}
