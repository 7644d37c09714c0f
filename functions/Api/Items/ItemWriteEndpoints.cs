using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Items;

/// <summary>Changes items. An answer means that the change is durable and counts for the next request here.</summary>
internal sealed class ItemWriteEndpoints(CatalogueService catalogue, RecommendationService service, ReleaseHolder releases, ApiLimits limits)
{
    /// <summary>Adds or replaces one item.</summary>
    public async Task PutOneAsync(HttpContext context)
    {
        var item = await RequestBody.ReadAsync(context, limits.MaxBodyBytes, ItemBody.ReadOne);
        await RowsAffected.WriteAsync(context, await catalogue.PutAsync([item], context.RequestAborted));
    }

    /// <summary>Adds or replaces items.</summary>
    public async Task PutManyAsync(HttpContext context)
    {
        var items = await RequestBody.ReadAsync(context, limits.MaxBodyBytes, ItemBody.ReadMany);
        await RowsAffected.WriteAsync(context, await catalogue.PutAsync(items, context.RequestAborted));
    }

    /// <summary>Changes the fields that the body names; no row when the item is unknown.</summary>
    public async Task PatchAsync(HttpContext context)
    {
        var itemId = PathValues.Required(context, "itemId");
        var patch = await RequestBody.ReadAsync(context, limits.MaxBodyBytes, ItemBody.ReadPatch);
        await WriteAsync(context, CatalogueChange.PatchItem(itemId, patch));
    }

    /// <summary>Removes an item; no row when it is unknown.</summary>
    public Task DeleteAsync(HttpContext context) => WriteAsync(context, CatalogueChange.Delete(PathValues.Required(context, "itemId")));

    /// <summary>Adds one category; no row when the item is unknown.</summary>
    public Task AddCategoryAsync(HttpContext context) =>
        WriteAsync(context, CatalogueChange.AddCategory(PathValues.Required(context, "itemId"), PathValues.Required(context, "category")));

    /// <summary>Takes one category away; no row when the item is unknown.</summary>
    public Task RemoveCategoryAsync(HttpContext context) =>
        WriteAsync(context, CatalogueChange.RemoveCategory(PathValues.Required(context, "itemId"), PathValues.Required(context, "category")));

    // Without a release nobody knows which items there are: the change is kept and counts when one is loaded.
    private async Task WriteAsync(HttpContext context, CatalogueChange change)
    {
        var isUnknown = releases.IsReady && await service.GetItemAsync(change.ItemId, context.RequestAborted) is null;
        await catalogue.WriteAsync([change], context.RequestAborted);
        await RowsAffected.WriteAsync(context, isUnknown ? 0 : 1);
    }
}
