namespace ServerlessRec.Training.DemoData;

/// <summary>Writes headlines: one of many angles on a subject, none twice.</summary>
internal sealed class DemoTitles
{
    private static readonly string[] NewsAngles =
    [
        "Why we all talk about {s}", "Five things to know about {s}", "{S}, explained", "What experts get wrong about {s}",
        "The numbers behind {s}", "A beginner's guide to {s}", "The history of {s} in ten objects", "How the world sees {s}",
        "Letter from the editor: {s}", "The trouble with {s}", "{S}: your questions answered", "Opinion: in praise of {s}",
        "What ten years of reporting on {s} taught us", "{S}: what changed this week", "Who pays for {s}?", "The future of {s}",
        "Report: the state of {s}", "The people behind {s}", "Myths about {s}, checked", "A short dictionary of {s}",
    ];

    private static readonly string[] VideoAngles =
    [
        "Watch: {s} in three minutes", "We spent a week with {s}", "Behind the scenes: {s}", "Live talk: {s}", "{S}: the documentary",
        "A day in the world of {s}", "Quiz: how much do you know about {s}?", "Interview: a life with {s}", "Tested: {s}", "{S} in slow motion",
        "Five clips about {s}", "From the archive: {s}", "Ask us anything: {s}", "{S}, step by step", "The best of {s} this month",
    ];

    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);

    /// <summary>A headline from an angle that this subject had least often; from the second time on with a part number.</summary>
    public string Next(string subject, bool isVideo, Random random)
    {
        var angles = isVideo ? VideoAngles : NewsAngles;
        var start = random.Next(angles.Length);
        var title = Enumerable.Range(0, angles.Length)
            .Select(step => Write(angles[(start + step) % angles.Length], subject))
            .MinBy(candidate => _used.GetValueOrDefault(candidate))!;
        var part = _used[title] = _used.GetValueOrDefault(title) + 1;
        return part == 1 ? title : FormattableString.Invariant($"{title} (part {part})");
    }

    private static string Write(string angle, string subject) => angle
        .Replace("{s}", subject, StringComparison.Ordinal)
        .Replace("{S}", char.ToUpperInvariant(subject[0]) + subject[1..], StringComparison.Ordinal);
}
