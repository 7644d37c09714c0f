namespace ServerlessRec.Training.Importers;

/// <summary>Which moments an import accepts. Anything else is a wrong column or a wrong unit.</summary>
internal static class ImportedTime
{
    /// <summary>For messages.</summary>
    public const string Range = "seconds between 1970 (0) and 2100 (4102444800); milliseconds must be divided by 1000";

    private const long Last = 4_102_444_800;

    public static bool IsInRange(long unixSeconds) => unixSeconds is >= 0 and <= Last;

    public static bool IsInRange(DateTimeOffset moment) => IsInRange(moment.ToUnixTimeSeconds());
}
