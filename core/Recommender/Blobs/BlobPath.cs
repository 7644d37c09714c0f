using System.Buffers;
using System.Text;

namespace ServerlessRec.Recommender.Blobs;

/// <summary>The rule for blob paths, the same for every store, so that a store can be copied to another kind of store.</summary>
public static class BlobPath
{
    /// <summary>Characters of a path at most.</summary>
    public const int MaxLength = 1024;

    /// <summary>UTF-8 bytes of one segment at most.</summary>
    public const int MaxSegmentBytes = 255;

    private static readonly SearchValues<char> Refused = SearchValues.Create("\\:*?\"<>|");

    /// <summary>
    /// Checks a path: 1–1024 characters, segments separated by '/', none empty, none starting with '.' or ending with '.' or a space,
    /// none longer than 255 bytes, no control character and none of <c>\ : * ? " &lt; &gt; |</c>.
    /// </summary>
    /// <returns>The path itself.</returns>
    /// <exception cref="ArgumentException">Names the path and the rule it breaks.</exception>
    public static string Validate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length is 0 or > MaxLength)
        {
            throw new ArgumentException($"A blob path has 1 to {MaxLength} characters; this one has {path.Length}.", nameof(path));
        }

        foreach (var range in path.AsSpan().Split('/'))
        {
            if (Fault(path.AsSpan(range)) is { } fault)
            {
                throw new ArgumentException($"Blob path '{path}': {fault}.", nameof(path));
            }
        }

        return path;
    }

    private static string? Fault(ReadOnlySpan<char> segment) => segment switch
    {
        [] => "no segment may be empty",
        ['.', ..] => "no segment may start with '.'",
        [.., '.' or ' '] => "no segment may end with '.' or a space",
        _ when segment.IndexOfAny(Refused) >= 0 => "no segment may hold one of \\ : * ? \" < > |",
        _ when HasControlCharacter(segment) => "no segment may hold a control character or half a surrogate pair",
        _ when Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes => $"no segment may be longer than {MaxSegmentBytes} bytes",
        _ => null,
    };

    private static bool HasControlCharacter(ReadOnlySpan<char> segment)
    {
        foreach (var rune in segment.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                return true;
            }
        }

        return false;
    }
}
