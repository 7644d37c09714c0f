using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using ServerlessRec.Api.Contract;

namespace ServerlessRec.Worker.Http;

/// <summary>Feedback and histories. Keys are checked by the contract's handlers, not by the host.</summary>
public sealed class FeedbackFunctions(RouteTable routes)
{
    /// <summary>The route AddFeedback.</summary>
    [Function(nameof(AddFeedback))]
    public IResult AddFeedback([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Feedback)] HttpRequest request) =>
        routes.Answer(nameof(AddFeedback));

    /// <summary>The route OverwriteFeedback.</summary>
    [Function(nameof(OverwriteFeedback))]
    public IResult OverwriteFeedback([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = ApiPaths.Feedback)] HttpRequest request) =>
        routes.Answer(nameof(OverwriteFeedback));

    /// <summary>The route UserFeedback.</summary>
    [Function(nameof(UserFeedback))]
    public IResult UserFeedback([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.UserFeedback)] HttpRequest request) =>
        routes.Answer(nameof(UserFeedback));

    /// <summary>The route UserFeedbackOfType.</summary>
    [Function(nameof(UserFeedbackOfType))]
    public IResult UserFeedbackOfType([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.UserFeedbackOfType)] HttpRequest request) =>
        routes.Answer(nameof(UserFeedbackOfType));

    /// <summary>The route UserItemFeedback.</summary>
    [Function(nameof(UserItemFeedback))]
    public IResult UserItemFeedback([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.UserItemFeedback)] HttpRequest request) =>
        routes.Answer(nameof(UserItemFeedback));

    /// <summary>The route TypedUserItemFeedback.</summary>
    [Function(nameof(TypedUserItemFeedback))]
    public IResult TypedUserItemFeedback([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.TypedUserItemFeedback)] HttpRequest request) =>
        routes.Answer(nameof(TypedUserItemFeedback));

    /// <summary>The route DeleteUserItemFeedback.</summary>
    [Function(nameof(DeleteUserItemFeedback))]
    public IResult DeleteUserItemFeedback([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.UserItemFeedback)] HttpRequest request) =>
        routes.Answer(nameof(DeleteUserItemFeedback));

    /// <summary>The route DeleteFeedback.</summary>
    [Function(nameof(DeleteFeedback))]
    public IResult DeleteFeedback([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.TypedUserItemFeedback)] HttpRequest request) =>
        routes.Answer(nameof(DeleteFeedback));

    /// <summary>The route ListFeedback.</summary>
    [Function(nameof(ListFeedback))]
    public IResult ListFeedback([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.Feedback)] HttpRequest request) =>
        routes.Answer(nameof(ListFeedback));

    /// <summary>The route ListFeedbackOfType.</summary>
    [Function(nameof(ListFeedbackOfType))]
    public IResult ListFeedbackOfType([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.FeedbackOfType)] HttpRequest request) =>
        routes.Answer(nameof(ListFeedbackOfType));

    /// <summary>The route ItemFeedback.</summary>
    [Function(nameof(ItemFeedback))]
    public IResult ItemFeedback([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ApiPaths.ItemFeedback)] HttpRequest request) =>
        routes.Answer(nameof(ItemFeedback));
}
