namespace ServerlessRec.Recommender.Users;

/// <summary>What a client told about a user; the history lies in <see cref="UserState"/>.</summary>
/// <param name="UserId">1–256 characters, unique, case-sensitive.</param>
/// <param name="LabelsJson">Any JSON, as text; null when there are none.</param>
/// <param name="Comment">Free text.</param>
public sealed record User(string UserId, string? LabelsJson = null, string Comment = "");
