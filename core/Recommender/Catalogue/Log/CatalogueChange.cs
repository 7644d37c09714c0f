using System.Text.Json.Serialization;

namespace ServerlessRec.Recommender.Catalogue.Log;

/// <summary>What a change does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CatalogueOperation>))]
public enum CatalogueOperation
{
    /// <summary>Adds the item or replaces it wholly.</summary>
    Put,

    /// <summary>Changes the fields that the patch names; nothing when the item is unknown.</summary>
    Patch,

    /// <summary>Removes the item.</summary>
    Delete,

    /// <summary>Adds one category; nothing when the item is unknown.</summary>
    AddCategory,

    /// <summary>Takes one category away; nothing when the item is unknown.</summary>
    RemoveCategory,

    /// <summary>Adds the item; nothing when there is one of that id.</summary>
    Create,
}

/// <summary>One change to the catalogue, as the log keeps it. Replaying the log in order gives every reader the same catalogue.</summary>
public sealed record CatalogueChange
{
    /// <summary>What is done.</summary>
    public required CatalogueOperation Operation { get; init; }

    /// <summary>The item it is done to.</summary>
    public required string ItemId { get; init; }

    /// <summary>The whole item, of a put or a create.</summary>
    public Item? Item { get; init; }

    /// <summary>The fields, of a patch.</summary>
    public ItemPatch? Patch { get; init; }

    /// <summary>The category, of a category change.</summary>
    public string? Category { get; init; }

    /// <summary>Adds or replaces an item.</summary>
    public static CatalogueChange Put(Item item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new() { Operation = CatalogueOperation.Put, ItemId = item.ItemId, Item = item };
    }

    /// <summary>Adds an item unless there is one of that id, whoever added it and however much later this is read.</summary>
    public static CatalogueChange Create(Item item) => Put(item) with { Operation = CatalogueOperation.Create };

    /// <summary>Changes fields of an item.</summary>
    public static CatalogueChange PatchItem(string itemId, ItemPatch patch) => new() { Operation = CatalogueOperation.Patch, ItemId = itemId, Patch = patch };

    /// <summary>Removes an item.</summary>
    public static CatalogueChange Delete(string itemId) => new() { Operation = CatalogueOperation.Delete, ItemId = itemId };

    /// <summary>Adds a category to an item.</summary>
    public static CatalogueChange AddCategory(string itemId, string category) =>
        new() { Operation = CatalogueOperation.AddCategory, ItemId = itemId, Category = category };

    /// <summary>Takes a category from an item.</summary>
    public static CatalogueChange RemoveCategory(string itemId, string category) =>
        new() { Operation = CatalogueOperation.RemoveCategory, ItemId = itemId, Category = category };

    /// <summary>The item after this change.</summary>
    /// <param name="before">The item before it; null: unknown.</param>
    /// <returns>Null: there is no such item afterwards.</returns>
    public Item? ApplyTo(Item? before) => Operation switch
    {
        CatalogueOperation.Put => Item,
        CatalogueOperation.Create => before ?? Item,
        CatalogueOperation.Delete => null,
        _ when before is null => null,
        CatalogueOperation.Patch => before with
        {
            IsHidden = Patch!.IsHidden ?? before.IsHidden,
            Categories = Patch.Categories ?? before.Categories,
            Timestamp = Patch.Timestamp ?? before.Timestamp,
            LabelsJson = Patch.LabelsJson is null ? before.LabelsJson : Patch.LabelsJson == "null" ? null : Patch.LabelsJson,
            Comment = Patch.Comment ?? before.Comment,
        },
        CatalogueOperation.AddCategory => before.Categories.Contains(Category!) ? before : before with { Categories = [.. before.Categories, Category!] },
        CatalogueOperation.RemoveCategory => before with { Categories = [.. before.Categories.Where(c => c != Category)] },
        _ => throw new InvalidOperationException($"No rule for {Operation}."),
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogueChange))]
internal sealed partial class CatalogueChangeContext : JsonSerializerContext;
