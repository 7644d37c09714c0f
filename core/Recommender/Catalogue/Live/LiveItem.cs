using System.Text;
using ServerlessRec.Recommender.Filters;

namespace ServerlessRec.Recommender.Catalogue.Live;

/// <summary>An item that changed since the release was made. Immutable.</summary>
/// <param name="Ordinal">Its ordinal.</param>
/// <param name="Row">How it is now; of a deleted item how it was.</param>
/// <param name="IsDeleted">Whether it is gone.</param>
internal sealed record LiveItem(int Ordinal, CatalogueRow Row, bool IsDeleted)
{
    /// <summary>Labels as a filter reads them.</summary>
    public byte[] LabelsUtf8 { get; } = Row.Item.LabelsJson is null ? [] : Encoding.UTF8.GetBytes(Row.Item.LabelsJson);
}

/// <summary>A changed item as a filter sees it.</summary>
internal readonly struct LiveSubject(LiveItem item) : IFilterSubject
{
    public long? TimestampTicks => item.Row.Item.Timestamp?.UtcTicks;

    public ReadOnlySpan<byte> LabelsUtf8 => item.LabelsUtf8;

    public bool HasCategory(string name) => item.Row.Item.Categories.Contains(name);

    public bool IdIs(string itemId) => item.Row.Item.ItemId == itemId;
}
