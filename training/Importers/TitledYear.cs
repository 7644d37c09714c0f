using System.Globalization;

namespace ServerlessRec.Training.Importers;

/// <summary>The year in brackets at the end of a film title, as in "Toy Story (1995)" or "Serial (2006–2007)".</summary>
internal static class TitledYear
{
    /// <summary>The first year; null when the title ends otherwise.</summary>
    public static int? Of(string title)
    {
        var trimmed = title.AsSpan().TrimEnd();
        var open = trimmed.LastIndexOf('(');
        if (open < 0 || trimmed[^1] != ')' || trimmed.Length - open < 6)
        {
            return null;
        }

        var isYear = int.TryParse(trimmed.Slice(open + 1, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year);
        return isYear && year is >= 1870 and <= 2100 && !char.IsAsciiLetterOrDigit(trimmed[open + 5]) ? year : null;
    }

    /// <summary>1 January of that year, the publish time we give such items; null without a year.</summary>
    public static DateTimeOffset? PublishedAt(int? year) =>
        year is { } known ? new DateTimeOffset(known, 1, 1, 0, 0, 0, TimeSpan.Zero) : null;
}
