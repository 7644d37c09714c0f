using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ServerlessRec.Worker.Http;

/// <summary>Releases, rebuild and dead letters. Keys are checked by the contract's handlers, not by the host.</summary>
public sealed class AdminFunctions(RouteTable routes)
{
    /// <summary>The route ListReleases.</summary>
    [Function(nameof(ListReleases))]
    public IResult ListReleases([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = HostPaths.Releases)] HttpRequest request) =>
        routes.Answer(nameof(ListReleases));

    /// <summary>The route PromoteRelease.</summary>
    [Function(nameof(PromoteRelease))]
    public IResult PromoteRelease([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = HostPaths.PromoteRelease)] HttpRequest request) =>
        routes.Answer(nameof(PromoteRelease));

    /// <summary>The route Rollback.</summary>
    [Function(nameof(Rollback))]
    public IResult Rollback([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = HostPaths.Rollback)] HttpRequest request) =>
        routes.Answer(nameof(Rollback));

    /// <summary>The route Rebuild.</summary>
    [Function(nameof(Rebuild))]
    public IResult Rebuild([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = HostPaths.Rebuild)] HttpRequest request) =>
        routes.Answer(nameof(Rebuild));

    /// <summary>The route ListDeadLetters.</summary>
    [Function(nameof(ListDeadLetters))]
    public IResult ListDeadLetters([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = HostPaths.DeadLetters)] HttpRequest request) =>
        routes.Answer(nameof(ListDeadLetters));

    /// <summary>The route ReplayDeadLetters.</summary>
    [Function(nameof(ReplayDeadLetters))]
    public IResult ReplayDeadLetters([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = HostPaths.ReplayDeadLetters)] HttpRequest request) =>
        routes.Answer(nameof(ReplayDeadLetters));
}
