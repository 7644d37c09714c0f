using System.Net;
using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Api.Keys;

/// <summary>Decides whether a request may pass. Immutable; any thread.</summary>
public sealed class KeyGate(ApiKeys keys)
{
    /// <summary>The header that carries the key.</summary>
    public const string Header = "X-API-Key";

    /// <summary>Returns when the caller may do what needs <paramref name="needed"/>.</summary>
    /// <exception cref="RequestException">401 without a known key, 403 with a key of a smaller scope, or without keys from elsewhere.</exception>
    public void Check(HttpContext context, KeyScope needed)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (needed == KeyScope.None)
        {
            return;
        }

        if (keys.IsEmpty)
        {
            CheckLoopback(context);
            return;
        }

        var presented = context.Request.Headers[Header];
        if (presented.Count != 1 || keys.ScopeOf(presented[0] ?? "") is not { } scope)
        {
            var what = presented.Count == 0 ? "is missing" : presented.Count == 1 ? "holds a key that is not known" : "stands more than once";
            throw new RequestException(StatusCodes.Status401Unauthorized, $"The header {Header} {what}.") { Field = Header };
        }

        if (scope < needed)
        {
            throw new RequestException(StatusCodes.Status403Forbidden, $"This call needs the {Name(needed)} key; the {Name(scope)} key was sent.")
            {
                Field = Header,
            };
        }
    }

    private static string Name(KeyScope scope) => scope switch
    {
        KeyScope.Admin => "admin",
        KeyScope.Write => "write",
        _ => "read",
    };

    // A page of another origin can reach a loopback server through a host name that resolves to it, so the Host must be loopback too.
    private static void CheckLoopback(HttpContext context)
    {
        var peer = context.Connection.RemoteIpAddress;
        if ((peer is null || IPAddress.IsLoopback(peer)) && IsLoopbackName(context.Request.Host.Host))
        {
            return;
        }

        throw new RequestException(
            StatusCodes.Status403Forbidden,
            "No API keys are set, so only callers on the same machine are answered, under the name localhost. Set keys to open the API.");
    }

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(address));
}
