namespace ServerlessRec.Embedded.Tests;

/// <summary>A folder of a test's own, removed with it.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("serverlessrec-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
