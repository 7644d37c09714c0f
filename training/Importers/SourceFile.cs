using System.IO.Compression;

namespace ServerlessRec.Training.Importers;

/// <summary>Opens files of a data set for one sequential read.</summary>
internal static class SourceFile
{
    /// <summary>The file's bytes, decompressed when its name ends in ".gz".</summary>
    public static Stream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var problem = failure is FileNotFoundException or DirectoryNotFoundException ? "the file is missing" : failure.Message;
            throw new ImportException(path, problem, failure);
        }
    }
}
