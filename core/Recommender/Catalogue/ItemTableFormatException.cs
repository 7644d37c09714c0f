namespace ServerlessRec.Recommender.Catalogue;

/// <summary>An items.bin that cannot be read; says which section and where.</summary>
public sealed class ItemTableFormatException(string section, long offset, string reason)
    : Exception($"items.bin, {section}, offset {offset}: {reason}.")
{
    /// <summary>The section, or "header".</summary>
    public string Section { get; } = section;

    /// <summary>Byte offset in the file.</summary>
    public long Offset { get; } = offset;
}
