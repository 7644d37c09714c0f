namespace ServerlessRec.Recommender.Releases;

/// <summary>One release in a list.</summary>
/// <param name="Id">The release.</param>
/// <param name="Manifest">Its manifest; null when it is damaged.</param>
/// <param name="Problem">What is wrong with it; null when nothing is known to be.</param>
/// <param name="IsCurrent">Whether it is the one that serves.</param>
public sealed record ReleaseListing(string Id, ReleaseManifest? Manifest, string? Problem, bool IsCurrent);
