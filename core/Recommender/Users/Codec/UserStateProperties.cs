namespace ServerlessRec.Recommender.Users.Codec;

/// <summary>
/// A row of Azure Table storage holds binary properties of at most 64 KiB and at most 1 MiB in all; a state with the longest ids is larger
/// than one property. Encoded states are cut here and joined again.
/// </summary>
public static class UserStateProperties
{
    /// <summary>Bytes of a property at most.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Properties of a row at most; with keys and names below 1 MiB.</summary>
    public const int MaxCount = 15;

    /// <summary>Cuts an encoded state: every part but the last is full.</summary>
    /// <exception cref="ArgumentException">It is longer than a row.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> encoded)
    {
        if (encoded.Length > UserStateCodec.MaxBytes)
        {
            throw new ArgumentException($"{encoded.Length} bytes do not fit into a row of {UserStateCodec.MaxBytes}.", nameof(encoded));
        }

        var parts = new List<ReadOnlyMemory<byte>>(1 + (encoded.Length / MaxBytes));
        for (var start = 0; start < encoded.Length; start += MaxBytes)
        {
            parts.Add(encoded[start..Math.Min(start + MaxBytes, encoded.Length)]);
        }

        return parts;
    }

    /// <summary>Puts the parts of <see cref="Split"/> together, in their order.</summary>
    public static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var joined = new byte[parts.Sum(part => part.Length)];
        var start = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined.AsMemory(start));
            start += part.Length;
        }

        return joined;
    }
}
