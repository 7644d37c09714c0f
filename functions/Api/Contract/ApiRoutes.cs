using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Feedback;
using ServerlessRec.Api.Health;
using ServerlessRec.Api.Items;
using ServerlessRec.Api.Keys;
using ServerlessRec.Api.OpenApi;
using ServerlessRec.Api.Rebuild;
using ServerlessRec.Api.Recommend;
using ServerlessRec.Api.Releases;
using ServerlessRec.Api.Users;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Contract;

/// <summary>The contract as a table: every door listens to these routes and to no others.</summary>
public static class ApiRoutes
{
    private static readonly QueryParameter N = new("n", "integer", "How many, 10 when missing; more than 500 are served as 500.");
    private static readonly QueryParameter Offset = new("offset", "integer", "How many to leave out at the front, 0 to 10000.");
    private static readonly QueryParameter Category = new("category", "string", "Only items of this category; several narrow further.", Repeatable: true);
    private static readonly QueryParameter Exclude = new("exclude", "string", "An item id that must not be in the answer.", Repeatable: true);
    private static readonly QueryParameter Filter = new("filter", "string", "Only items that this expression over their attributes holds for.");
    private static readonly QueryParameter Diversity = new("diversity", "number", "0 to 1: how unlike each other the items shall be.");
    private static readonly QueryParameter Explore = new("explore", "number", "0 to 1: how much chance mixes less certain items in.");
    private static readonly QueryParameter ReadBy = new("user-id", "string", "Leaves out what this user has read.");
    private static readonly QueryParameter WriteBackType = new("write-back-type", "string", "What is recommended becomes feedback of this type.");
    private static readonly QueryParameter WriteBackDelay = new("write-back-delay", "string", "Added to the time of that feedback, such as 1h30m.");
    private static readonly QueryParameter Cursor = new("cursor", "string", "Where the page begins, from the page before.");
    private static readonly QueryParameter Explain = new("explain", "boolean", "true: scores with Explain in each, what found it and what it is like.");
    private static readonly QueryParameter[] Personal = [N, Offset, Category, Exclude, Filter, Diversity, Explore, Explain];
    private static readonly QueryParameter[] General = [.. Personal, ReadBy];

    /// <summary>Every route, over these parts.</summary>
    public static IReadOnlyList<ApiRoute> Over(ApiParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var routes = new List<ApiRoute>();
        AddHealth(routes, parts);
        AddRecommendations(routes, parts);
        AddCatalogueAndUsers(routes, parts);
        AddWrites(routes, parts);
        AddAdministration(routes, parts);
        var document = new OpenApiEndpoint(routes);
        routes.Add(new("OpenApi", "GET", ApiPaths.OpenApi, KeyScope.None, "This contract, for machines.", document.GetAsync) { Answer = "Any" });
        return routes;
    }

    private static void AddHealth(List<ApiRoute> routes, ApiParts parts)
    {
        var health = new HealthEndpoints(parts.Holder, parts.Users);
        routes.AddRange(
        [
            new("HealthLive", "GET", ApiPaths.HealthLive, KeyScope.None, "The process answers.", health.LiveAsync) { Answer = "Health" },
            new("HealthReady", "GET", ApiPaths.HealthReady, KeyScope.None, "A release is loaded and the user store answers.", health.ReadyAsync)
            {
                Answer = "Health",
            },
        ]);
    }

    private static void AddRecommendations(List<ApiRoute> routes, ApiParts parts)
    {
        var answer = new RecommendationAnswer(parts.Meter, parts.Clock);
        var lists = new RecommendationEndpoints(parts.Recommendations, parts.Feedback, answer, parts.Limits, parts.Clock);
        routes.AddRange(
        [
            new("Recommend", "GET", ApiPaths.Recommend, KeyScope.Read, "Recommendations for a user.", lists.ForUserAsync)
            {
                Query = [.. Personal, WriteBackType, WriteBackDelay],
                Answer = "IdsOrScores",
            },
            new("SessionRecommend", "POST", ApiPaths.SessionRecommend, KeyScope.Read, "Recommendations for an anonymous session.", lists.ForSessionAsync)
            {
                Query = General,
                Body = "FeedbackList",
                Answer = "Scores",
            },
            new("CollaborativeFiltering", "GET", ApiPaths.CollaborativeFiltering, KeyScope.Read, "The retrieval stage alone.", lists.RetrieveAsync)
            {
                Query = Personal,
                Answer = "Scores",
            },
            new("ItemNeighbors", "GET", ApiPaths.ItemNeighbors, KeyScope.Read, "Similar items.", lists.NeighborsAsync) { Query = General, Answer = "Scores" },
            new("ItemToItem", "GET", ApiPaths.ItemToItem, KeyScope.Read, "Similar items; every name means the same list.", lists.NeighborsAsync)
            {
                Query = General,
                Answer = "Scores",
            },
            new("Popular", "GET", ApiPaths.Popular, KeyScope.Read, "Popular items.", lists.PopularAsync) { Query = General, Answer = "Scores" },
            new("Latest", "GET", ApiPaths.Latest, KeyScope.Read, "Newest items.", lists.LatestAsync) { Query = General, Answer = "Scores" },
            new("NonPersonalized", "GET", ApiPaths.NonPersonalized, KeyScope.Read, "The list popular or latest.", lists.NonPersonalizedAsync)
            {
                Query = General,
                Answer = "Scores",
            },
        ]);
    }

    private static void AddCatalogueAndUsers(List<ApiRoute> routes, ApiParts parts)
    {
        var items = new ItemEndpoints(parts.Recommendations);
        var users = new UserEndpoints(parts.Users, parts.Applied);
        var history = new HistoryEndpoints(parts.Users, parts.Applied);
        var feedback = new FeedbackListEndpoints(parts.Users);
        var neighbors = new UserNeighborsEndpoint(
            new SimilarUsers(parts.Holder, parts.Users, parts.Clock), new RecommendationAnswer(parts.Meter, parts.Clock));
        routes.AddRange(
        [
            new("UserNeighbors", "GET", ApiPaths.UserNeighbors, KeyScope.Read, "Similar users.", neighbors.GetAsync) { Query = [N, Offset], Answer = "Scores" },
            new("UserToUser", "GET", ApiPaths.UserToUser, KeyScope.Read, "Similar users; every name means the same list.", neighbors.GetAsync)
            {
                Query = [N, Offset],
                Answer = "Scores",
            },
            new("ListFeedback", "GET", ApiPaths.Feedback, KeyScope.Read, "Feedback of all users, page by page.", feedback.ListAsync)
            {
                Query = [N, Cursor],
                Answer = "FeedbackPage",
            },
            new("ListFeedbackOfType", "GET", ApiPaths.FeedbackOfType, KeyScope.Read, "The same, of one feedback type.", feedback.ListAsync)
            {
                Query = [N, Cursor],
                Answer = "FeedbackPage",
            },
            new("ItemFeedback", "GET", ApiPaths.ItemFeedback, KeyScope.Read, "Not offered: answers 501 and says what is.", FeedbackListEndpoints.OfItemAsync)
            {
                Answer = "Problem",
            },
            new("GetItem", "GET", ApiPaths.Item, KeyScope.Read, "One item.", items.GetAsync) { Answer = "Item" },
            new("ListItems", "GET", ApiPaths.Items, KeyScope.Read, "Items, page by page.", items.ListAsync) { Query = [N, Cursor], Answer = "ItemPage" },
            new("GetUser", "GET", ApiPaths.User, KeyScope.Read, "One user.", users.GetAsync) { Answer = "User" },
            new("ListUsers", "GET", ApiPaths.Users, KeyScope.Read, "Users, page by page.", users.ListAsync) { Query = [N, Cursor], Answer = "UserPage" },
            new("UserFeedback", "GET", ApiPaths.UserFeedback, KeyScope.Read, "A user's recent history, newest first.", history.OfUserAsync)
            {
                Answer = "FeedbackList",
            },
            new("UserFeedbackOfType", "GET", ApiPaths.UserFeedbackOfType, KeyScope.Read, "The same, of one feedback type.", history.OfUserAsync)
            {
                Answer = "FeedbackList",
            },
            new("UserItemFeedback", "GET", ApiPaths.UserItemFeedback, KeyScope.Read, "What a user told of an item.", history.OfUserAndItemAsync)
            {
                Answer = "FeedbackList",
            },
            new("TypedUserItemFeedback", "GET", ApiPaths.TypedUserItemFeedback, KeyScope.Read, "One feedback.", history.OneAsync) { Answer = "Feedback" },
        ]);
    }

    private static void AddWrites(List<ApiRoute> routes, ApiParts parts)
    {
        var items = new ItemWriteEndpoints(parts.Catalogue, parts.Recommendations, parts.Holder, parts.Limits);
        var users = new UserWriteEndpoints(parts.Users, parts.Limits, parts.Clock);
        var removal = new FeedbackRemovalEndpoint(parts.Users, parts.Applied);
        var feedback = new FeedbackEndpoints(parts.Feedback, parts.Catalogue, parts.Limits, parts.Clock);
        routes.AddRange(
        [
            Write("PutItem", "POST", ApiPaths.NewItem, "Adds or replaces an item.", items.PutOneAsync, "Item"),
            Write("PutItems", "POST", ApiPaths.Items, "Adds or replaces items.", items.PutManyAsync, "ItemList"),
            Write("PatchItem", "PATCH", ApiPaths.Item, "Changes the fields of an item that the body names.", items.PatchAsync, "ItemPatch"),
            Write("DeleteItem", "DELETE", ApiPaths.Item, "Removes an item.", items.DeleteAsync),
            Write("AddItemCategory", "PUT", ApiPaths.ItemCategory, "Adds a category to an item.", items.AddCategoryAsync),
            Write("RemoveItemCategory", "DELETE", ApiPaths.ItemCategory, "Takes a category from an item.", items.RemoveCategoryAsync),
            Write("PutUser", "POST", ApiPaths.NewUser, "Adds or replaces a user; the history stays.", users.PutOneAsync, "User"),
            Write("PutUsers", "POST", ApiPaths.Users, "Adds or replaces users; their histories stay.", users.PutManyAsync, "UserList"),
            Write("PatchUser", "PATCH", ApiPaths.User, "Changes the fields of a user that the body names.", users.PatchAsync, "UserPatch"),
            Write("DeleteUser", "DELETE", ApiPaths.User, "Forgets a user with the history.", users.DeleteAsync),
            Write("AddFeedback", "POST", ApiPaths.Feedback, "Adds feedback; values of repeats are added.", feedback.AddAsync, "FeedbackList"),
            Write("DeleteUserItemFeedback", "DELETE", ApiPaths.UserItemFeedback, "Removes what a user told of an item.", removal.RunAsync),
            Write("DeleteFeedback", "DELETE", ApiPaths.TypedUserItemFeedback, "Removes one feedback.", removal.RunAsync),
            Write("OverwriteFeedback", "PUT", ApiPaths.Feedback, "Adds feedback; values of repeats replace.", feedback.OverwriteAsync, "FeedbackList"),
        ]);
    }

    private static void AddAdministration(List<ApiRoute> routes, ApiParts parts)
    {
        var releases = new ReleaseEndpoints(parts.Releases, parts.Loader, parts.Holder);
        var rebuild = new RebuildEndpoint(parts.Rebuild, parts.Clock);
        var letters = new DeadLetterEndpoints(parts.DeadLetters, parts.Feedback);
        routes.AddRange(
        [
            new("ListReleases", "GET", ApiPaths.Releases, KeyScope.Admin, "All releases.", releases.ListAsync) { Answer = "Any" },
            new("PromoteRelease", "POST", ApiPaths.PromoteRelease, KeyScope.Admin, "Makes a release the current one.", releases.PromoteAsync) { Answer = "Any" },
            new("Rollback", "POST", ApiPaths.Rollback, KeyScope.Admin, "Goes back to the release that served before.", releases.RollbackAsync) { Answer = "Any" },
            new("Rebuild", "POST", ApiPaths.Rebuild, KeyScope.Admin, "Makes a release of item changes and feedback since the current one.", rebuild.RunAsync)
            {
                Query = [new("force", "boolean", "Rebuild although nothing changed."), new("wait", "boolean", "false: answer 202 at once; the rebuild goes on.")],
                Answer = "Rebuild",
            },
            new("ListDeadLetters", "GET", ApiPaths.DeadLetters, KeyScope.Admin, "Feedback that could never be applied.", letters.ListAsync)
            {
                Query = [N],
                Answer = "Any",
            },
            new("ReplayDeadLetters", "POST", ApiPaths.ReplayDeadLetters, KeyScope.Admin, "Sends dead letters that are valid by now again.", letters.ReplayAsync)
            {
                Answer = "RowAffected",
            },
        ]);
    }

    private static ApiRoute Write(string name, string method, string path, string summary, RequestDelegate handler, string? body = null) =>
        new(name, method, path, KeyScope.Write, summary, handler) { Body = body, Answer = "RowAffected" };
}
