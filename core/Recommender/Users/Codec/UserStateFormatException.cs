namespace ServerlessRec.Recommender.Users.Codec;

/// <summary>The bytes are no user state this program can read: damaged, cut short, or written by a newer version.</summary>
public sealed class UserStateFormatException(string message) : FormatException(message);
