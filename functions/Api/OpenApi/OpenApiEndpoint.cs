using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Contract;

namespace ServerlessRec.Api.OpenApi;

/// <summary>Answers with the OpenAPI document of the routes it was given, written once.</summary>
internal sealed class OpenApiEndpoint(IReadOnlyList<ApiRoute> routes)
{
    private readonly Lazy<byte[]> _document = new(() => OpenApiDocument.Write(routes));

    /// <summary>The document.</summary>
    public async Task GetAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = _document.Value.Length;
        await context.Response.Body.WriteAsync(_document.Value, context.RequestAborted);
    }
}
