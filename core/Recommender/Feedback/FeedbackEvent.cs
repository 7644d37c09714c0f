namespace ServerlessRec.Recommender.Feedback;

/// <summary>One interaction of a user with an item.</summary>
public sealed record FeedbackEvent
{
    /// <summary>The kind, such as "click", "like", "buy", "rating"; 1–64 characters.</summary>
    public required string FeedbackType { get; init; }

    /// <summary>1–256 characters.</summary>
    public required string UserId { get; init; }

    /// <summary>1–256 characters.</summary>
    public required string ItemId { get; init; }

    /// <summary>Strength in the type's own unit (stars, seconds, pieces); finite. 1 when the source has none.</summary>
    public double Value { get; init; } = 1;

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Labels: any JSON, as text; null when there are none.</summary>
    public string? LabelsJson { get; init; }

    /// <summary>Free text.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Idempotency key: two events with the same key are one event; null when the sender gave none.</summary>
    public string? EventId { get; init; }

    /// <summary>The X-Recommendation-Id of the answer this reacts to; null when unknown.</summary>
    public string? RecommendationId { get; init; }

    /// <summary>True: replaces the value of the user's earlier feedback of this type on this item; false: adds to it.</summary>
    public bool Overwrite { get; init; }
}
