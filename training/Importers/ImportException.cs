namespace ServerlessRec.Training.Importers;

/// <summary>A data set cannot be imported; the message begins with the file and, where there is one, the line.</summary>
public sealed class ImportException : Exception
{
    /// <summary>A problem of a whole file or folder.</summary>
    public ImportException(string path, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner)
    {
        Path = path;
    }

    /// <summary>A problem on one line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="line">Line, from 1.</param>
    /// <param name="problem">What is wrong and, if it helps, what to do.</param>
    /// <param name="inner">The cause, if another exception told of it.</param>
    public ImportException(string path, long line, string problem, Exception? inner = null)
        : base(FormattableString.Invariant($"{path}:{line}: {problem}"), inner)
    {
        Path = path;
        Line = line;
    }

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>Line, from 1; 0 when the whole file is meant.</summary>
    public long Line { get; }
}
