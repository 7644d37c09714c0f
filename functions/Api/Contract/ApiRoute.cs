using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Keys;

namespace ServerlessRec.Api.Contract;

/// <summary>One row of the contract: what a door must listen to, and what it runs.</summary>
/// <param name="Name">Unique name; the operation id, and the function's name behind the Functions host.</param>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Path">One of <see cref="ApiPaths"/>.</param>
/// <param name="Scope">The key that a caller must have.</param>
/// <param name="Summary">One sentence for people.</param>
/// <param name="Handler">Answers; reads its path parameters from the route values.</param>
public sealed record ApiRoute(string Name, string Method, string Path, KeyScope Scope, string Summary, RequestDelegate Handler)
{
    /// <summary>Query parameters that the handler reads.</summary>
    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    /// <summary>Schema of the request's body; null when it has none.</summary>
    public string? Body { get; init; }

    /// <summary>Schema of the 200 answer's body.</summary>
    public required string Answer { get; init; }
}

/// <summary>A query parameter of a route.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">JSON schema type.</param>
/// <param name="Summary">One sentence for people.</param>
/// <param name="Repeatable">It may stand several times.</param>
public sealed record QueryParameter(string Name, string Type, string Summary, bool Repeatable = false);
