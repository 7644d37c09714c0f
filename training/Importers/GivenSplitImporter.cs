using ServerlessRec.Training.Data;
using ServerlessRec.Training.Evaluation;
using ServerlessRec.Training.Importers.ItemLists;
using ServerlessRec.Training.Importers.Personalize;

namespace ServerlessRec.Training.Importers;

/// <summary>Reads a split that somebody else made, so that figures can be compared with published ones.</summary>
public static class GivenSplitImporter
{
    /// <summary>Reads the files of a split; users and items of all files together form the data set.</summary>
    /// <exception cref="ImportException">Something is wrong with a file; the message names file and line.</exception>
    public static async Task<EvaluationSplit> ImportAsync(GivenFiles files, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        var builder = new DatasetBuilder(DatasetName.Of(files.Train));
        var train = await ReadAsync(files.Train, builder, cancellationToken);
        var validation = files.Validation is null ? [] : await ReadAsync(files.Validation, builder, cancellationToken);
        var test = await ReadAsync(files.Test, builder, cancellationToken);
        return GivenSplit.Create(builder.Build(), train, files.Validation is null ? null : validation, test);
    }

    private static async Task<IReadOnlyList<Interaction>> ReadAsync(string path, DatasetBuilder builder, CancellationToken cancellationToken)
    {
        var from = builder.InteractionCount;
        await (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            ? InteractionsFile.ReadAsync(path, builder, cancellationToken)
            : ItemListsImporter.ReadAsync(path, builder, cancellationToken));
        return builder.InteractionCount > from
            ? builder.ByTime(from)
            : throw new ImportException(path, "there is no interaction in it");
    }
}
