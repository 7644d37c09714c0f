using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ServerlessRec.Api.Problems;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Requests;

/// <summary>Reads the query string, strictly: a wrong value is named, never guessed.</summary>
internal static class QueryValues
{
    private const int DefaultCount = 10;

    /// <summary>Says so when a parameter's percent escapes are not UTF-8.</summary>
    public static void CheckEncoding(HttpContext context)
    {
        var query = context.Request.QueryString.Value;
        if (query is null || !query.Contains('%', StringComparison.Ordinal))
        {
            return;
        }

        foreach (var pair in query.TrimStart('?').Split('&'))
        {
            if (PercentEncoding.Decode(pair) is null)
            {
                var name = PercentEncoding.Decode(pair.Split('=')[0]) ?? "query";
                throw RequestException.Invalid(name, $"{name} in the query is not valid UTF-8 behind its percent escapes.");
            }
        }
    }

    /// <summary>n: how many; 10 when missing, a great one is served as <see cref="RecommendQuery.MaxCount"/>.</summary>
    public static int Count(HttpContext context, int min = 0) =>
        Math.Min(WholeNumber(context, "n", DefaultCount, min, int.MaxValue), RecommendQuery.MaxCount);

    /// <summary>offset: how many to leave out at the front; 0 when missing.</summary>
    public static int Offset(HttpContext context) => WholeNumber(context, "offset", 0, 0, RecommendQuery.MaxOffset);

    /// <summary>A number from 0 to 1; 0 when missing.</summary>
    public static double Share(HttpContext context, string name)
    {
        if (Single(context, name) is not { } text)
        {
            return 0;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
            ? value
            : throw RequestException.Invalid(name, $"{name} must be a number from 0 to 1.");
    }

    /// <summary>true or false; <paramref name="fallback"/> when missing.</summary>
    public static bool Flag(HttpContext context, string name, bool fallback) => Single(context, name) switch
    {
        null => fallback,
        "false" => false,
        "true" => true,
        _ => throw RequestException.Invalid(name, $"{name} must be true or false."),
    };

    /// <summary>A parameter that may stand once; null when missing or empty.</summary>
    public static string? Single(HttpContext context, string name)
    {
        var values = context.Request.Query[name];
        if (values.Count > 1)
        {
            throw RequestException.Invalid(name, $"{name} stands {values.Count} times; give it once.");
        }

        return string.IsNullOrEmpty(values.ToString()) ? null : values.ToString();
    }

    /// <summary>A parameter that may stand several times; empty values are left out, as Gorse does.</summary>
    public static List<string> Several(HttpContext context, string name)
    {
        var values = context.Request.Query[name];
        var texts = new List<string>(values.Count);
        foreach (var value in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                texts.Add(Identifiers.Check(value, name, element: null));
            }
        }

        return texts;
    }

    /// <summary>Says so when a parameter is given that this path does not serve: leaving it out silently would answer another question.</summary>
    public static void Refuse(HttpContext context, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!StringValues.IsNullOrEmpty(context.Request.Query[name]))
            {
                throw RequestException.Invalid(name, $"{name} is not served here; leave it out.");
            }
        }
    }

    private static int WholeNumber(HttpContext context, string name, int fallback, int min, int max)
    {
        if (Single(context, name) is not { } text)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw RequestException.Invalid(name, $"{name} must be a whole number from {min} to {max}.");
    }
}
