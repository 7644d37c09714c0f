using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Api.Requests;

/// <summary>Reads one page of a list by the parameters n and cursor.</summary>
internal static class Cursors
{
    private const int MaxLength = 1024;

    /// <summary>The page that <paramref name="read"/> gives for the cursor and the count.</summary>
    /// <exception cref="RequestException">400: the cursor is not one that this server gave.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, Func<string?, int, ValueTask<T>> read)
    {
        var count = QueryValues.Count(context, min: 1);
        var cursor = QueryValues.Single(context, "cursor");
        try
        {
            return cursor is { Length: > MaxLength } ? throw new FormatException() : await read(cursor, count);
        }
        catch (FormatException)
        {
            throw RequestException.Invalid("cursor", "cursor is not one that this server gave; begin without one.");
        }
    }
}
