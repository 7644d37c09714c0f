namespace ServerlessRec.Training.Importers;

/// <summary>Categories in one field, between '|'.</summary>
internal static class CategoryList
{
    /// <summary>The categories, trimmed, none empty, none twice.</summary>
    public static string[] Split(string field) =>
        [.. field.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
