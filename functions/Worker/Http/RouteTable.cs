using Microsoft.AspNetCore.Http;
using ServerlessRec.Api;
using ServerlessRec.Api.Contract;

namespace ServerlessRec.Worker.Http;

/// <summary>The contract's routes by name: what an HTTP function answers with. Immutable; any thread.</summary>
public sealed class RouteTable
{
    private readonly Dictionary<string, IResult> _results;

    /// <summary>The table over these parts.</summary>
    public RouteTable(ApiParts parts, ApiDoor door)
    {
        _results = ApiRoutes.Over(parts).ToDictionary(route => route.Name, IResult (route) => new RouteResult(door, route), StringComparer.Ordinal);
    }

    /// <summary>The answer of the route of this name, which is made when the worker executes it.</summary>
    public IResult Answer(string name) => _results[name];

    private sealed class RouteResult(ApiDoor door, ApiRoute route) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => door.InvokeAsync(httpContext, route);
    }
}
