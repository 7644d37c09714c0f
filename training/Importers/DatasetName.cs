namespace ServerlessRec.Training.Importers;

/// <summary>What a data set is called: its folder, or its file without extensions.</summary>
internal static class DatasetName
{
    public static string Of(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var dot = Directory.Exists(path) ? -1 : name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? name[..dot] : name;
    }
}
