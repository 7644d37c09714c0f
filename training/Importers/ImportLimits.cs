namespace ServerlessRec.Training.Importers;

/// <summary>Sizes beyond which a file is refused; ids and types as in the HTTP contract.</summary>
internal static class ImportLimits
{
    /// <summary>Longest user and item id, in characters.</summary>
    public const int MaxIdLength = 256;

    /// <summary>Longest feedback type, in characters.</summary>
    public const int MaxTypeLength = 64;

    /// <summary>Longest row or line, in bytes.</summary>
    public const int MaxRowBytes = 1 << 20;
}
