namespace ServerlessRec.Api.Problems;

/// <summary>A request that cannot be answered as asked; becomes a problem answer. Nothing of the request was applied.</summary>
/// <param name="status">HTTP status, 400–599.</param>
/// <param name="title">What is wrong and what to do, for a person.</param>
public sealed class RequestException(int status, string title) : Exception(title)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The field, parameter or header that is wrong; null when it is none of them.</summary>
    public string? Field { get; init; }

    /// <summary>Which element of the array in the body is wrong, from 0; null when there is none.</summary>
    public int? Element { get; init; }

    /// <summary>When to try again; null when trying again does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A wrong input: 400.</summary>
    public static RequestException Invalid(string field, string title, int? element = null) =>
        new(400, element is null ? title : $"Element {element}: {title}") { Field = field, Element = element };

    /// <summary>Nothing of that id: 404.</summary>
    public static RequestException NotFound(string field, string title) => new(404, title) { Field = field };

    /// <summary>Not ready yet, or a store is away: 503 with Retry-After.</summary>
    public static RequestException Unavailable(string title, TimeSpan retryAfter) => new(503, title) { RetryAfter = retryAfter };
}
