using System.Globalization;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>What an archive blob's path says: hour and partition.</summary>
/// <param name="Stem">The path without number and ending: the same for all blobs of one hour and partition.</param>
/// <param name="Hour">The hour (UTC) its events were accepted in.</param>
internal readonly record struct ArchivePath(string Stem, DateTimeOffset Hour)
{
    private const string HourFormat = "yyyy/MM/dd/HH";
    private const string Ending = ".jsonl";
    private const string Kept = "-kept";

    /// <summary>Null: not a path of the archive.</summary>
    public static ArchivePath? Parse(string path)
    {
        var hourEnd = FeedbackArchive.Prefix.Length + HourFormat.Length;
        if (path.Length <= hourEnd + 1 || !path.EndsWith(Ending, StringComparison.Ordinal)
            || !DateTimeOffset.TryParseExact(
                path.AsSpan(FeedbackArchive.Prefix.Length, HourFormat.Length),
                HourFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var hour))
        {
            return null;
        }

        var end = path.IndexOfAny(['-', '.'], hourEnd);
        return new(path[..end], hour);
    }

    /// <summary>Where the blob's content goes when some of it was erased: `p3.jsonl` → `p3-kept1.jsonl` → `p3-kept2.jsonl`.</summary>
    public static string WithoutErased(string path)
    {
        var name = path[..^Ending.Length];
        var kept = name.LastIndexOf(Kept, StringComparison.Ordinal);
        var times = kept > 0 && int.TryParse(name.AsSpan(kept + Kept.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{(times > 0 ? name[..kept] : name)}{Kept}{times + 1}{Ending}");
    }

    public bool IsWithin(DateTimeOffset from, DateTimeOffset to) => Hour + TimeSpan.FromHours(1) > from && Hour <= to;
}
