using System.Globalization;

namespace ServerlessRec.Api.Requests;

/// <summary>Reads times as clients of all versions write them; a time without a zone is UTC.</summary>
internal static class Timestamps
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF zzz",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF zzz 'UTC'",
        "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd",
        "yyyy/M/d",
        "yyyy/M/d H:mm:ss",
        "R",
    ];

    /// <summary>RFC 3339, the same with a space, a date, RFC 1123, or seconds or milliseconds since 1970.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        if (text.Length is >= 9 and <= 13 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            time = text.Length <= 10 ? DateTimeOffset.FromUnixTimeSeconds(number) : DateTimeOffset.FromUnixTimeMilliseconds(number);
            return true;
        }

        // Nanoseconds, as Go writes them, are finer than a tick: the further digits go.
        return DateTimeOffset.TryParseExact(Shorten(text), Formats, CultureInfo.InvariantCulture, Utc, out time);
    }

    private static string Shorten(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return text;
        }

        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - dot > 8 ? string.Concat(text.AsSpan(0, dot + 8), text.AsSpan(end)) : text;
    }
}
