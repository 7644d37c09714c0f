using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ServerlessRec.Api.Contract;

namespace ServerlessRec.Worker.Http;

/// <summary>The catalogue. Keys are checked by the contract's handlers, not by the host.</summary>
public sealed class ItemFunctions(RouteTable routes)
{
    /// <summary>The route GetItem.</summary>
    [Function(nameof(GetItem))]
    public IResult GetItem([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.Item)] HttpRequest request) =>
        routes.Answer(nameof(GetItem));

    /// <summary>The route ListItems.</summary>
    [Function(nameof(ListItems))]
    public IResult ListItems([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.Items)] HttpRequest request) =>
        routes.Answer(nameof(ListItems));

    /// <summary>The route PutItem.</summary>
    [Function(nameof(PutItem))]
    public IResult PutItem([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.NewItem)] HttpRequest request) =>
        routes.Answer(nameof(PutItem));

    /// <summary>The route PutItems.</summary>
    [Function(nameof(PutItems))]
    public IResult PutItems([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Items)] HttpRequest request) =>
        routes.Answer(nameof(PutItems));

    /// <summary>The route PatchItem.</summary>
    [Function(nameof(PatchItem))]
    public IResult PatchItem([HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = ApiPaths.Item)] HttpRequest request) =>
        routes.Answer(nameof(PatchItem));

    /// <summary>The route DeleteItem.</summary>
    [Function(nameof(DeleteItem))]
    public IResult DeleteItem([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.Item)] HttpRequest request) =>
        routes.Answer(nameof(DeleteItem));

    /// <summary>The route AddItemCategory.</summary>
    [Function(nameof(AddItemCategory))]
    public IResult AddItemCategory([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = ApiPaths.ItemCategory)] HttpRequest request) =>
        routes.Answer(nameof(AddItemCategory));

    /// <summary>The route RemoveItemCategory.</summary>
    [Function(nameof(RemoveItemCategory))]
    public IResult RemoveItemCategory([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.ItemCategory)] HttpRequest request) =>
        routes.Answer(nameof(RemoveItemCategory));
}
