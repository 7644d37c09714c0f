namespace ServerlessRec.Recommender.Releases;

/// <summary>Where releases lie in the blob store.</summary>
public static class ReleasePaths
{
    /// <summary>The pointer to the release that serves.</summary>
    public const string Current = "current.json";

    /// <summary>What all release paths begin with.</summary>
    public const string Prefix = "releases/";

    /// <summary>The manifest's name in a release.</summary>
    public const string ManifestName = "manifest.json";

    /// <summary>The index snapshot's name in a release.</summary>
    public const string IndexName = "index.snapshot";

    /// <summary>The feature spec's name in a release.</summary>
    public const string FeaturesName = "features.json";

    /// <summary>A file of a release.</summary>
    public static string File(string releaseId, string name) => $"{Prefix}{releaseId}/{name}";

    /// <summary>A release's manifest.</summary>
    public static string Manifest(string releaseId) => File(releaseId, ManifestName);

    /// <summary>The release that a path belongs to; null when it is no file of a release.</summary>
    public static string? ReleaseOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var slash = path.IndexOf('/', Math.Min(path.Length, Prefix.Length));
        return path.StartsWith(Prefix, StringComparison.Ordinal) && slash > Prefix.Length ? path[Prefix.Length..slash] : null;
    }

    /// <summary>Whether a text can be a release's id: 1–64 letters, digits, '-' and '_'.</summary>
    public static bool IsReleaseId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is >= 1 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
    }
}
