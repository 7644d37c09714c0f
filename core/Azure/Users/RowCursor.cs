using System.Buffers.Text;
using System.Text;
using Azure.Core;

namespace ServerlessRec.Azure.Users;

/// <summary>Where the next page begins: the service's own continuation, as one opaque text.</summary>
/// <param name="Partition">Null at the end, and at the beginning.</param>
/// <param name="Row">Null where the continuation has none.</param>
internal readonly record struct RowCursor(string? Partition, string? Row)
{
    private const string Mark = "t1-";

    public bool IsEnd => Partition is null;

    /// <summary>Empty at the end.</summary>
    public string Text => IsEnd ? "" : Mark + Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Partition}\n{Row}"));

    public static RowCursor Of(ResponseHeaders headers) => new(
        headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition) ? partition : null,
        headers.TryGetValue("x-ms-continuation-NextRowKey", out var row) ? row : null);

    /// <exception cref="FormatException">It is no cursor of this store.</exception>
    public static RowCursor Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return default;
        }

        try
        {
            if (cursor.StartsWith(Mark, StringComparison.Ordinal)
                && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor.AsSpan(Mark.Length))).Split('\n') is [{ Length: > 0 } partition, var row])
            {
                return new(partition, row.Length == 0 ? null : row);
            }
        }
        catch (FormatException)
        {
            // Told below, with the cursor.
        }

        throw new FormatException($"'{cursor}' is no cursor of a user list: pass the one that the page before gave, or none.");
    }
}
