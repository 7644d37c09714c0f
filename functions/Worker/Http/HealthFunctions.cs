using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ServerlessRec.Api.Contract;

namespace ServerlessRec.Worker.Http;

/// <summary>Whether the app lives and can serve, and what it can be asked. Keys are checked by the contract's handlers, not by the host.</summary>
public sealed class HealthFunctions(RouteTable routes)
{
    /// <summary>The route HealthLive.</summary>
    [Function(nameof(HealthLive))]
    public IResult HealthLive([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.HealthLive)] HttpRequest request) =>
        routes.Answer(nameof(HealthLive));

    /// <summary>The route HealthReady.</summary>
    [Function(nameof(HealthReady))]
    public IResult HealthReady([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.HealthReady)] HttpRequest request) =>
        routes.Answer(nameof(HealthReady));

    /// <summary>The route OpenApi.</summary>
    [Function(nameof(OpenApi))]
    public IResult OpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.OpenApi)] HttpRequest request) =>
        routes.Answer(nameof(OpenApi));
}
