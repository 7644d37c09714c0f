namespace ServerlessRec.Training.Tests.Importers;

/// <summary>A temporary folder of source files, deleted with the test.</summary>
internal sealed class SourceFolder : IDisposable
{
    public SourceFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "serverlessrec-" + Guid.NewGuid().ToString("N"));

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
