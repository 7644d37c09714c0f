using ServerlessRec.Training.Data;
using ServerlessRec.Training.Importers.Gorse;
using ServerlessRec.Training.Importers.ItemLists;
using ServerlessRec.Training.Importers.MovieLens;
using ServerlessRec.Training.Importers.MovieTweetings;
using ServerlessRec.Training.Importers.OnlineRetail;
using ServerlessRec.Training.Importers.Personalize;

namespace ServerlessRec.Training.Importers;

/// <summary>Reads a data set from files.</summary>
public static class DatasetImporter
{
    /// <summary>Imports a folder or file, row by row; all of it or nothing.</summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="format">Its form; null: seen from the names of the files.</param>
    /// <param name="cancellationToken">Stops the import.</param>
    /// <exception cref="ImportException">Something is wrong with the files; the message names file and line.</exception>
    public static async Task<Dataset> ImportAsync(string path, DatasetFormat? format = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var dataset = (format ?? FormatDetector.Detect(path)) switch
        {
            DatasetFormat.MovieLens => await MovieLensImporter.ImportAsync(path, cancellationToken),
            DatasetFormat.MovieTweetings => await MovieTweetingsImporter.ImportAsync(path, cancellationToken),
            DatasetFormat.Personalize => await PersonalizeImporter.ImportAsync(path, cancellationToken),
            DatasetFormat.Gorse => await GorseImporter.ImportAsync(path, cancellationToken),
            DatasetFormat.OnlineRetail => await OnlineRetailImporter.ImportAsync(path, cancellationToken),
            DatasetFormat.ItemLists => await ItemListsImporter.ImportAsync(path, cancellationToken),
            var unknown => throw new ArgumentOutOfRangeException(nameof(format), unknown, "There is no such format."),
        };
        return dataset.Interactions.Count > 0
            ? dataset
            : throw new ImportException(path, "there is no interaction in it; nothing can be learned");
    }
}
