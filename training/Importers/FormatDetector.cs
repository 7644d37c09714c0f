namespace ServerlessRec.Training.Importers;

/// <summary>Sees the form of a data set from the names of its files.</summary>
internal static class FormatDetector
{
    private const string Known =
        "Known forms: a folder with ratings.csv and movies.csv (MovieLens), with ratings.dat and movies.dat (MovieTweetings), "
        + "with feedback.jsonl (Gorse), with CSV files that have USER_ID and ITEM_ID (Personalize), or such a CSV file; "
        + "a .tsv or .tsv.gz of invoices (online-retail); a .txt of lines `user item item …`.";

    /// <summary>The form of a folder or file.</summary>
    /// <exception cref="ImportException">There is nothing there, or no form fits.</exception>
    public static DatasetFormat Detect(string path)
    {
        if (Directory.Exists(path))
        {
            return DetectFolder(path);
        }

        if (!File.Exists(path))
        {
            throw new ImportException(path, "there is no such file or folder");
        }

        if (IsTable(path))
        {
            return DatasetFormat.OnlineRetail;
        }

        if (path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase))
        {
            return DatasetFormat.ItemLists;
        }

        return path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            ? DatasetFormat.Personalize
            : throw new ImportException(path, $"the form of the data set cannot be told from the name. {Known}");
    }

    /// <summary>The one .tsv or .tsv.gz of a folder, or the file itself.</summary>
    /// <exception cref="ImportException">There is none, or more than one.</exception>
    public static string TableOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return path;
        }

        var tables = Directory.GetFiles(path).Where(IsTable).Order(StringComparer.Ordinal).ToArray();
        return tables.Length == 1
            ? tables[0]
            : throw new ImportException(path, $"expected one .tsv or .tsv.gz file in this folder, found {tables.Length}");
    }

    private static DatasetFormat DetectFolder(string folder)
    {
        if (Has("ratings.csv"))
        {
            return DatasetFormat.MovieLens;
        }

        if (Has("ratings.dat"))
        {
            return DatasetFormat.MovieTweetings;
        }

        if (Has("feedback.jsonl"))
        {
            return DatasetFormat.Gorse;
        }

        if (Directory.GetFiles(folder, "*.csv").Length > 0)
        {
            return DatasetFormat.Personalize;
        }

        return Directory.GetFiles(folder).Any(IsTable)
            ? DatasetFormat.OnlineRetail
            : throw new ImportException(folder, $"the form of the data set cannot be told from the files. {Known}");

        bool Has(string name) => File.Exists(Path.Combine(folder, name));
    }

    private static bool IsTable(string path) =>
        path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tsv.gz", StringComparison.OrdinalIgnoreCase);
}
