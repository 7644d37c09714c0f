using System.Text.Json;

namespace ServerlessRec.Recommender.Catalogue.Log;

/// <summary>What a change may hold, so that no reader of the log stumbles over it later.</summary>
public static class CatalogueRules
{
    /// <summary>UTF-16 units an item id, or a category, has at most.</summary>
    public const int MaxNameLength = 256;

    /// <summary>Categories an item has at most.</summary>
    public const int MaxCategories = 256;

    /// <summary>Bytes one change takes at most.</summary>
    public const int MaxFrameLength = 1 << 20;

    /// <summary>Checks a change.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message names item and field.</exception>
    public static void Check(CatalogueChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var id = change.ItemId;
        Require(id, IsName(id), "ItemId", $"it must have 1–{MaxNameLength} characters");
        switch (change.Operation)
        {
            case CatalogueOperation.Put or CatalogueOperation.Create:
                Require(id, change.Item is not null && change.Item.ItemId == id, "Item", "the item is missing");
                Check(id, change.Item!.Categories, change.Item.LabelsJson);
                Require(id, change.Item.Comment is not null, "Comment", "it is null");
                break;
            case CatalogueOperation.Patch:
                Require(id, change.Patch is not null, "Patch", "a patch needs its fields");
                Check(id, change.Patch!.Categories ?? [], change.Patch.LabelsJson);
                break;
            case CatalogueOperation.AddCategory or CatalogueOperation.RemoveCategory:
                Require(id, IsName(change.Category), "Category", $"it must have 1–{MaxNameLength} characters");
                break;
            default:
                Require(id, change.Operation == CatalogueOperation.Delete, "Operation", $"{change.Operation} is unknown");
                break;
        }
    }

    private static void Check(string id, IReadOnlyList<string>? categories, string? labelsJson)
    {
        Require(id, categories is not null && categories.Count <= MaxCategories, "Categories", $"there may be {MaxCategories} at most");
        Require(id, categories!.All(IsName), "Categories", $"each must have 1–{MaxNameLength} characters");
        if (labelsJson is null)
        {
            return;
        }

        try
        {
            using var parsed = JsonDocument.Parse(labelsJson);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Item '{id}', Labels: they are not JSON: {e.Message}", e);
        }
    }

    private static bool IsName(string? text) => text is { Length: >= 1 and <= MaxNameLength };

    private static void Require(string id, bool holds, string field, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException($"Item '{id}', {field}: {otherwise}.");
        }
    }
}
