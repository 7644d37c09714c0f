using ServerlessRec.Api.Tests.Fixtures;
using ServerlessRec.Embedded;
using ServerlessRec.FunctionsHost.Doors;

[assembly: AssemblyFixture(typeof(SeededStore))]

namespace ServerlessRec.FunctionsHost.Doors;

/// <summary>A store with a small release and its users, made once; every door works on a copy.</summary>
public sealed class SeededStore : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serverlessrec-doors-").FullName;
    private int _copies;

    private string Original => Path.Combine(_folder, "original");

    public async ValueTask InitializeAsync()
    {
        using var store = EmbeddedStore.Open(Original, TimeProvider.System);
        await TinyRelease.PublishAsync(store.Blobs);
        await TinyRelease.AddUsersAsync(store.Users);
    }

    public string Copy()
    {
        var copy = Path.Combine(_folder, $"copy-{Interlocked.Increment(ref _copies)}");
        foreach (var file in Directory.EnumerateFiles(Original, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
