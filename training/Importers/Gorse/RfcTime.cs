using System.Globalization;

namespace ServerlessRec.Training.Importers.Gorse;

/// <summary>RFC 3339 times, as Go writes them (up to nine digits of a second), and plain dates; without a zone they are UTC.</summary>
internal static class RfcTime
{
    private const int DigitsKept = 7;

    private static readonly string[] Formats =
        ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd"];

    public static bool TryParse(string text, out DateTimeOffset moment) => DateTimeOffset.TryParseExact(
        WithoutFinestDigits(text),
        Formats,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out moment);

    private static string WithoutFinestDigits(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var end = point + 1;
        while (point >= 0 && end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return point >= 0 && end - point - 1 is > DigitsKept and <= 9 ? text[..(point + 1 + DigitsKept)] + text[end..] : text;
    }
}
