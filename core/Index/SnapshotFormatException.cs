namespace ServerlessRec.Index;

/// <summary>A snapshot is damaged, truncated, or of an unknown version. Nothing of it was used.</summary>
public sealed class SnapshotFormatException : Exception
{
    /// <summary>Says what is wrong and where.</summary>
    public SnapshotFormatException(string section, long offset, string problem)
        : base($"Index snapshot, section '{section}', offset {offset}: {problem}")
    {
        Section = section;
        Offset = offset;
    }

    /// <summary>Without a place.</summary>
    public SnapshotFormatException()
        : this("header", 0, "the snapshot is damaged.")
    {
    }

    /// <summary>Without a place.</summary>
    public SnapshotFormatException(string message)
        : this("header", 0, message)
    {
    }

    /// <summary>Without a place, with a cause.</summary>
    public SnapshotFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
        Section = "header";
    }

    /// <summary>The section of the snapshot, as docs/formats/index-snapshot.md names it.</summary>
    public string Section { get; }

    /// <summary>Bytes from the start of the snapshot.</summary>
    public long Offset { get; }
}
