using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Api.Page;

/// <summary>The page at `/`: embedded files, no outside asset. It holds no data, so it needs no key.</summary>
public static class PageFiles
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, PageFile> Files = new Dictionary<string, PageFile>(StringComparer.Ordinal)
    {
        [""] = Load("index.html", "text/html; charset=utf-8"),
        ["page.css"] = Load("page.css", "text/css; charset=utf-8"),
        ["page.js"] = Load("page.js", "text/javascript; charset=utf-8"),
        ["api.js"] = Load("api.js", "text/javascript; charset=utf-8"),
        ["view.js"] = Load("view.js", "text/javascript; charset=utf-8"),
        ["favicon.svg"] = Load("favicon.svg", "image/svg+xml"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names of the files, below `/`; the empty one is the page itself.</summary>
    public static IEnumerable<string> Names => Files.Keys;

    /// <summary>Answers with a file, or 304 when the browser has it.</summary>
    public static async Task WriteAsync(HttpContext context, string name)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!Files.TryGetValue(name, out var file))
        {
            await ProblemAnswer.WriteAsync(context, RequestException.NotFound("path", "There is no such page."));
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        headers.ETag = file.ETag;
        if (context.Request.Headers.IfNoneMatch == file.ETag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = file.Type;
        context.Response.ContentLength = file.Bytes.Length;
        await context.Response.Body.WriteAsync(file.Bytes, context.RequestAborted);
    }

    private static PageFile Load(string name, string type)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream("wwwroot/" + name)
            ?? throw new InvalidOperationException($"The page's file {name} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new PageFile(type, bytes, '"' + Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)) + '"');
    }

    private sealed record PageFile(string Type, byte[] Bytes, string ETag);
}
