using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Answers;
using ServerlessRec.Api.Problems;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Serving;

namespace ServerlessRec.Api.Items;

/// <summary>Reads the catalogue.</summary>
internal sealed class ItemEndpoints(RecommendationService service)
{
    /// <summary>One item.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var itemId = PathValues.Required(context, "itemId");
        var item = await service.GetItemAsync(itemId, context.RequestAborted)
            ?? throw RequestException.NotFound("itemId", "There is no such item.");
        await JsonAnswer.WriteAsync(context, item, Shapes.Item);
    }

    /// <summary>One page of items and the cursor behind it.</summary>
    public async Task ListAsync(HttpContext context)
    {
        QueryValues.Refuse(context, ["q"]);
        var page = await Cursors.ReadAsync(
            context,
            (cursor, count) => service.ListItemsAsync(cursor, count, context.RequestAborted));
        await JsonAnswer.WriteAsync(
            context,
            page,
            static (writer, page) =>
            {
                writer.WriteStartObject();
                writer.WriteString("Cursor"u8, page.Cursor);
                writer.WriteStartArray("Items"u8);
                foreach (var item in page.Items)
                {
                    Shapes.Item(writer, item);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
    }
}
