using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ServerlessRec.Api.Contract;

namespace ServerlessRec.Worker.Http;

/// <summary>Lists of recommendations. Keys are checked by the contract's handlers, not by the host.</summary>
public sealed class RecommendationFunctions(RouteTable routes)
{
    /// <summary>The route Recommend.</summary>
    [Function(nameof(Recommend))]
    public IResult Recommend([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.Recommend)] HttpRequest request) =>
        routes.Answer(nameof(Recommend));

    /// <summary>The route SessionRecommend.</summary>
    [Function(nameof(SessionRecommend))]
    public IResult SessionRecommend([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.SessionRecommend)] HttpRequest request) =>
        routes.Answer(nameof(SessionRecommend));

    /// <summary>The route CollaborativeFiltering.</summary>
    [Function(nameof(CollaborativeFiltering))]
    public IResult CollaborativeFiltering([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.CollaborativeFiltering)] HttpRequest request) =>
        routes.Answer(nameof(CollaborativeFiltering));

    /// <summary>The route ItemNeighbors.</summary>
    [Function(nameof(ItemNeighbors))]
    public IResult ItemNeighbors([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.ItemNeighbors)] HttpRequest request) =>
        routes.Answer(nameof(ItemNeighbors));

    /// <summary>The route ItemToItem.</summary>
    [Function(nameof(ItemToItem))]
    public IResult ItemToItem([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.ItemToItem)] HttpRequest request) =>
        routes.Answer(nameof(ItemToItem));

    /// <summary>The route Popular.</summary>
    [Function(nameof(Popular))]
    public IResult Popular([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.Popular)] HttpRequest request) =>
        routes.Answer(nameof(Popular));

    /// <summary>The route Latest.</summary>
    [Function(nameof(Latest))]
    public IResult Latest([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.Latest)] HttpRequest request) =>
        routes.Answer(nameof(Latest));

    /// <summary>The route NonPersonalized.</summary>
    [Function(nameof(NonPersonalized))]
    public IResult NonPersonalized([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.NonPersonalized)] HttpRequest request) =>
        routes.Answer(nameof(NonPersonalized));
}
