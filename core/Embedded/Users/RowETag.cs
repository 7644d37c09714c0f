using System.Globalization;
using System.Security.Cryptography;

namespace ServerlessRec.Embedded.Users;

/// <summary>
/// A row's ETag: random when the row is made, one more with every write. So no ETag comes twice, even when a user is deleted and made anew.
/// </summary>
internal static class RowETag
{
    public static long First() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public static long Next(long version) => unchecked(version + 1);

    public static string Text(long version) => version.ToString("x16", CultureInfo.InvariantCulture);

    public static bool TryRead(string etag, out long version) =>
        long.TryParse(etag, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out version);
}
