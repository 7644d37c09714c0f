using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Recommend;

/// <summary>Reads what a list of recommendations was asked for.</summary>
internal static class RecommendationQueries
{
    private static readonly string[] NotServed = ["promote", "scenario"];

    /// <summary>n, offset, categories from path and query, exclude, filter, diversity, explore, explain and user-id.</summary>
    public static RecommendQuery Read(HttpContext context)
    {
        QueryValues.Refuse(context, NotServed);
        return new RecommendQuery
        {
            Count = QueryValues.Count(context),
            Offset = QueryValues.Offset(context),
            Categories = Categories(context),
            Exclude = QueryValues.Several(context, "exclude"),
            Filter = QueryValues.Single(context, "filter"),
            Diversity = QueryValues.Share(context, "diversity"),
            Explore = QueryValues.Share(context, "explore"),
            Explain = QueryValues.Flag(context, "explain", fallback: false),
            UserId = QueryValues.Single(context, "user-id") is { } id ? Identifiers.Check(id, "user-id", element: null) : null,
        };
    }

    private static List<string> Categories(HttpContext context)
    {
        var categories = QueryValues.Several(context, "category");
        if (PathValues.Optional(context, "category") is { } fromPath)
        {
            categories.Insert(0, Identifiers.Check(fromPath, "category", element: null));
        }

        return categories;
    }
}
