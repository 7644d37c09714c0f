using Microsoft.AspNetCore.Http;

namespace ServerlessRec.Api.Answers;

/// <summary>The answer to a write.</summary>
internal static class RowsAffected
{
    /// <summary>{RowAffected}.</summary>
    public static Task WriteAsync(HttpContext context, int rows) => JsonAnswer.WriteAsync(
        context,
        rows,
        static (writer, rows) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("RowAffected"u8, rows);
            writer.WriteEndObject();
        });
}
