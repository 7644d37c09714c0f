namespace ServerlessRec.Api.Contract;

/// <summary>Every path of the contract, below <see cref="Prefix"/>: constants, so that routing tables and Functions attributes share them.</summary>
public static class ApiPaths
{
    /// <summary>What stands before every path.</summary>
    public const string Prefix = "/api/";

    /// <summary>The process answers.</summary>
    public const string HealthLive = "health/live";

    /// <summary>A release is loaded and the user store answers.</summary>
    public const string HealthReady = "health/ready";

    /// <summary>Recommendations for a user; the category may stand in the path.</summary>
    public const string Recommend = "recommend/{userId}/{category?}";

    /// <summary>Recommendations for an anonymous session.</summary>
    public const string SessionRecommend = "session/recommend/{category?}";

    /// <summary>The retrieval stage alone.</summary>
    public const string CollaborativeFiltering = "collaborative-filtering/{userId}/{category?}";

    /// <summary>Similar items.</summary>
    public const string ItemNeighbors = "item/{itemId}/neighbors/{category?}";

    /// <summary>Similar items, by the recommender's name.</summary>
    public const string ItemToItem = "item-to-item/{name}/{itemId}";

    /// <summary>Similar users.</summary>
    public const string UserNeighbors = "user/{userId}/neighbors";

    /// <summary>Similar users, by the recommender's name.</summary>
    public const string UserToUser = "user-to-user/{name}/{userId}";

    /// <summary>Popular items.</summary>
    public const string Popular = "popular/{category?}";

    /// <summary>Newest items.</summary>
    public const string Latest = "latest/{category?}";

    /// <summary>A list that is the same for everybody, by its name.</summary>
    public const string NonPersonalized = "non-personalized/{name}";

    /// <summary>Where one item is added.</summary>
    public const string NewItem = "item";

    /// <summary>One item: by its id.</summary>
    public const string Item = "item/{itemId}";

    /// <summary>All items, page by page.</summary>
    public const string Items = "items";

    /// <summary>Where one user is added.</summary>
    public const string NewUser = "user";

    /// <summary>One user: by their id.</summary>
    public const string User = "user/{userId}";

    /// <summary>All users, page by page.</summary>
    public const string Users = "users";

    /// <summary>One category of an item.</summary>
    public const string ItemCategory = "item/{itemId}/category/{category}";

    /// <summary>Feedback.</summary>
    public const string Feedback = "feedback";

    /// <summary>Feedback of one type.</summary>
    public const string FeedbackOfType = "feedback/{feedbackType}";

    /// <summary>Feedback on one item.</summary>
    public const string ItemFeedback = "item/{itemId}/feedback/{feedbackType?}";

    /// <summary>A user's history.</summary>
    public const string UserFeedback = "user/{userId}/feedback";

    /// <summary>A user's history, one feedback type.</summary>
    public const string UserFeedbackOfType = "user/{userId}/feedback/{feedbackType}";

    /// <summary>What a user told of one item.</summary>
    public const string UserItemFeedback = "feedback/{userId}/{itemId}";

    /// <summary>What a user told of one item, one feedback type.</summary>
    public const string TypedUserItemFeedback = "feedback/{feedbackType}/{userId}/{itemId}";

    /// <summary>All releases.</summary>
    public const string Releases = "admin/releases";

    /// <summary>Makes a release the current one.</summary>
    public const string PromoteRelease = "admin/releases/{releaseId}/promote";

    /// <summary>Goes back to the release that served before.</summary>
    public const string Rollback = "admin/rollback";

    /// <summary>Makes a release of what changed.</summary>
    public const string Rebuild = "admin/rebuild";

    /// <summary>Feedback that could never be applied.</summary>
    public const string DeadLetters = "admin/dead-letters";

    /// <summary>Sends dead letters again.</summary>
    public const string ReplayDeadLetters = "admin/dead-letters/replay";

    /// <summary>This contract, for machines.</summary>
    public const string OpenApi = "openapi.json";
}
