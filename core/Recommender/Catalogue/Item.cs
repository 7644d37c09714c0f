namespace ServerlessRec.Recommender.Catalogue;

/// <summary>One item as the catalogue knows it.</summary>
public sealed record Item
{
    /// <summary>1–256 characters, unique, case-sensitive.</summary>
    public required string ItemId { get; init; }

    /// <summary>Hidden items are never recommended; histories may still hold them.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Category names; order is kept, none twice.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Publish time; null when unknown.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Labels: any JSON, as text; null when there are none.</summary>
    public string? LabelsJson { get; init; }

    /// <summary>Free text; importers put the title here.</summary>
    public string Comment { get; init; } = "";
}
