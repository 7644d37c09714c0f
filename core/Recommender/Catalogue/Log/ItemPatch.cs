namespace ServerlessRec.Recommender.Catalogue.Log;

/// <summary>Fields of an item to be changed; null leaves a field as it is.</summary>
public sealed record ItemPatch
{
    /// <summary>See <see cref="Item.IsHidden"/>.</summary>
    public bool? IsHidden { get; init; }

    /// <summary>See <see cref="Item.Categories"/>.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>See <see cref="Item.Timestamp"/>.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>See <see cref="Item.LabelsJson"/>; the text "null" removes the labels.</summary>
    public string? LabelsJson { get; init; }

    /// <summary>See <see cref="Item.Comment"/>.</summary>
    public string? Comment { get; init; }
}
