using Azure.Core;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Azure.Users;

/// <summary>What the table service's answers mean.</summary>
internal static class TableFault
{
    /// <summary>There is no such row. A table that is missing is no such case: nothing works without it.</summary>
    public static bool IsMissing(HttpMessage message) =>
        message.Response.Status == 404 && message.Response.Content.ToMemory().Span.IndexOf("TableNotFound"u8) < 0;

    /// <summary>The row is not at the expected version, or there is one where none was expected.</summary>
    public static bool IsConflict(HttpMessage message) => message.Response.Status is 409 or 412 || IsMissing(message);

    /// <summary>The port's exception for an answer that is none of the expected.</summary>
    public static UserStoreException Of(string table, HttpMessage message)
    {
        var code = message.Response.Headers.TryGetValue("x-ms-error-code", out var named) ? " " + named : "";
        return new($"Table '{table}': the service answered {message.Response.Status}{code} {message.Response.ReasonPhrase}.");
    }

    /// <summary>The port's exception for no answer.</summary>
    public static UserStoreException Of(string table, Exception fault) => new($"Table '{table}': {ServiceFault.Describe(fault)}.", fault);
}
