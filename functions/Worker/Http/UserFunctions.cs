using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ServerlessRec.Api.Contract;

namespace ServerlessRec.Worker.Http;

/// <summary>Users. Keys are checked by the contract's handlers, not by the host.</summary>
public sealed class UserFunctions(RouteTable routes)
{
    /// <summary>The route GetUser.</summary>
    [Function(nameof(GetUser))]
    public IResult GetUser([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.User)] HttpRequest request) =>
        routes.Answer(nameof(GetUser));

    /// <summary>The route ListUsers.</summary>
    [Function(nameof(ListUsers))]
    public IResult ListUsers([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.Users)] HttpRequest request) =>
        routes.Answer(nameof(ListUsers));

    /// <summary>The route PutUser.</summary>
    [Function(nameof(PutUser))]
    public IResult PutUser([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.NewUser)] HttpRequest request) =>
        routes.Answer(nameof(PutUser));

    /// <summary>The route PutUsers.</summary>
    [Function(nameof(PutUsers))]
    public IResult PutUsers([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Users)] HttpRequest request) =>
        routes.Answer(nameof(PutUsers));

    /// <summary>The route PatchUser.</summary>
    [Function(nameof(PatchUser))]
    public IResult PatchUser([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = ApiPaths.User)] HttpRequest request) =>
        routes.Answer(nameof(PatchUser));

    /// <summary>The route DeleteUser.</summary>
    [Function(nameof(DeleteUser))]
    public IResult DeleteUser([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.User)] HttpRequest request) =>
        routes.Answer(nameof(DeleteUser));

    /// <summary>The route UserNeighbors.</summary>
    [Function(nameof(UserNeighbors))]
    public IResult UserNeighbors([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.UserNeighbors)] HttpRequest request) =>
        routes.Answer(nameof(UserNeighbors));

    /// <summary>The route UserToUser.</summary>
    [Function(nameof(UserToUser))]
    public IResult UserToUser([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.UserToUser)] HttpRequest request) =>
        routes.Answer(nameof(UserToUser));
}
