using System.Text.Json;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;

namespace ServerlessRec.Api.Items;

/// <summary>Items in a body.</summary>
internal static class ItemBody
{
    private const int MaxComment = 32 * 1024;
    private const int MaxLabels = 256 * 1024;
    private static readonly string[] Names = ["ItemId", "IsHidden", "Categories", "Timestamp", "Labels", "Comment"];

    /// <summary>An array of items, none twice.</summary>
    public static List<Item> ReadMany(ref Utf8JsonReader reader) => JsonArrays.Read(ref reader, "ItemId", ReadOne, item => item.ItemId);

    /// <summary>One item.</summary>
    public static Item ReadOne(ref Utf8JsonReader reader) => ReadOne(ref reader, null);

    /// <summary>The fields to change in an item, null ones stay; the id may stand in it, because clients send whole items.</summary>
    public static ItemPatch ReadPatch(ref Utf8JsonReader reader)
    {
        var fields = new JsonFields(ref reader, Names, null);
        return Read(ref reader, ref fields).Patch;
    }

    private static Item ReadOne(ref Utf8JsonReader reader, int? element)
    {
        var fields = new JsonFields(ref reader, Names, element);
        var (id, patch) = Read(ref reader, ref fields);
        return new Item
        {
            ItemId = id ?? throw fields.Invalid(0, "is missing."),
            IsHidden = patch.IsHidden ?? false,
            Categories = patch.Categories ?? [],
            Timestamp = patch.Timestamp,
            LabelsJson = patch.LabelsJson,
            Comment = patch.Comment ?? "",
        };
    }

    private static (string? Id, ItemPatch Patch) Read(ref Utf8JsonReader reader, ref JsonFields fields)
    {
        string? id = null;
        var patch = new ItemPatch();
        for (var field = fields.Next(ref reader); field >= 0; field = fields.Next(ref reader))
        {
            switch (field)
            {
                case 0: id = fields.Identifier(ref reader, field); break;
                case 1: patch = patch with { IsHidden = fields.Flag(ref reader, field) }; break;
                case 2: patch = patch with { Categories = fields.Names(ref reader, field, CatalogueRules.MaxCategories) }; break;
                case 3: patch = patch with { Timestamp = KnownTime(fields.Time(ref reader, field)) }; break;
                case 4: patch = patch with { LabelsJson = fields.Json(ref reader, field, MaxLabels) }; break;
                default: patch = patch with { Comment = fields.Text(ref reader, field, MaxComment) }; break;
            }
        }

        return (id, patch);
    }

    // Clients that have no time send the zero time, as this server answers it.
    private static DateTimeOffset? KnownTime(DateTimeOffset? time) => time?.Year <= 1 ? null : time;
}
