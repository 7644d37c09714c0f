using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace ServerlessRec.Api.Requests;

/// <summary>Undoes percent escapes strictly: the frameworks' decoders keep a byte sequence that is no UTF-8 as it stands.</summary>
internal static class PercentEncoding
{
    /// <summary>The text behind the escapes; null when it is not valid UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<char> escaped)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(escaped)];
        var count = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '%'
                && i + 2 < escaped.Length
                && byte.TryParse(escaped.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes[count++] = value;
                i += 2;
            }
            else
            {
                count += Encoding.UTF8.GetBytes(escaped.Slice(i, 1), bytes.AsSpan(count));
            }
        }

        return Utf8.IsValid(bytes.AsSpan(0, count)) ? Encoding.UTF8.GetString(bytes, 0, count) : null;
    }
}
