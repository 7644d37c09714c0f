using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Api.Requests;

/// <summary>Reads ids and names from the path.</summary>
/// <remarks>Routing decodes every escape but %2F, so that an id with a slash, or one that holds "%2F" itself, must be read from the
/// request's raw target again; there a byte sequence that is no UTF-8 shows too.</remarks>
internal static class PathValues
{
    /// <summary>A path parameter: 1–256 characters.</summary>
    /// <exception cref="RequestException">400: missing, too long, or not UTF-8.</exception>
    public static string Required(HttpContext context, string name)
    {
        var value = Optional(context, name);
        return value is null
            ? throw RequestException.Invalid(name, $"{name} is missing in the path.")
            : Identifiers.Check(value, name, element: null);
    }

    /// <summary>A path parameter; null when the path ends before it, or with a slash.</summary>
    public static string? Optional(HttpContext context, string name)
    {
        if (context.Request.RouteValues[name] is not string { Length: > 0 } value)
        {
            return null;
        }

        return value.Contains('%', StringComparison.Ordinal) ? Decode(context, name, value) : value;
    }

    private static string Decode(HttpContext context, string name, string routed)
    {
        return PercentEncoding.Decode(RawSegment(context, routed))
            ?? throw RequestException.Invalid(name, $"{name} in the path is not valid UTF-8 behind its percent escapes.");
    }

    // The raw segment whose routed form is the value: the one at the same place in the path.
    private static string RawSegment(HttpContext context, string routed)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(target))
        {
            return routed;
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        var rawPath = (query < 0 ? target : target[..query]).Split('/');
        var path = (context.Request.PathBase + context.Request.Path).Value!.Split('/');
        for (var i = 0; i < Math.Min(rawPath.Length, path.Length); i++)
        {
            if (string.Equals(path[i], routed, StringComparison.Ordinal))
            {
                return rawPath[i];
            }
        }

        return routed;
    }
}
