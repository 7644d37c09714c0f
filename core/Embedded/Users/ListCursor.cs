using System.Buffers.Text;
using System.Text;

namespace ServerlessRec.Embedded.Users;

/// <summary>A list's cursor: the last user id of the page before, made safe for URLs.</summary>
internal static class ListCursor
{
    private const string Mark = "u";

    public static string After(string userId) => Mark + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(userId));

    /// <summary>The id behind which the page begins; empty: the first page.</summary>
    public static string Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return "";
        }

        try
        {
            if (cursor.StartsWith(Mark, StringComparison.Ordinal))
            {
                return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor.AsSpan(Mark.Length)));
            }
        }
        catch (FormatException)
        {
            // Told below, with the cursor.
        }

        throw new FormatException($"'{cursor}' is no cursor of a user list: pass the one that the page before gave, or none.");
    }
}
