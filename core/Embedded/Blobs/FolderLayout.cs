using ServerlessRec.Embedded.Durability;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Embedded.Blobs;

/// <summary>
/// Where a blob store keeps what below its root: each blob as a plain file at its own path, and the store's own files in `.blobs`:
/// `locks`, `leases`, `appends` (committed lengths of append blobs) and `staging` (files not yet renamed into place).
/// </summary>
internal sealed class FolderLayout
{
    private static readonly TimeSpan StagingLife = TimeSpan.FromDays(1);

    public FolderLayout(string root, DateTimeOffset now)
    {
        Root = Path.GetFullPath(root);
        Locks = Path.Combine(Root, ".blobs", "locks");
        _leases = Path.Combine(Root, ".blobs", "leases");
        _appends = Path.Combine(Root, ".blobs", "appends");
        _staging = Path.Combine(Root, ".blobs", "staging");
        DurableFile.CreateDirectory(Locks);
        DurableFile.CreateDirectory(_leases);
        DurableFile.CreateDirectory(_appends);
        DurableFile.CreateDirectory(_staging);
        RemoveAbandonedStaging(now);
    }

    private readonly string _leases;
    private readonly string _appends;
    private readonly string _staging;

    public string Root { get; }

    public string Locks { get; }

    public string Blob(string path) => Path.Combine(Root, Local(BlobPath.Validate(path)));

    public string Append(string path) => Path.Combine(_appends, Local(path) + ".length");

    public string Lease(string name) => Path.Combine(_leases, Local(BlobPath.Validate(name)) + ".lease");

    public string NewStaging() => Path.Combine(_staging, Guid.NewGuid().ToString("N"));

    /// <summary>A blob cannot lie below another blob in a folder; says so instead of an error of the file system.</summary>
    public void CreateParent(string path)
    {
        try
        {
            DurableFile.CreateDirectory(Path.GetDirectoryName(Blob(path))!);
        }
        catch (IOException blocked)
        {
            throw new BlobStoreException($"Blob '{path}' needs a folder where a blob lies already, or the folder cannot be made.", blocked);
        }
    }

    private static string Local(string path) => path.Replace('/', Path.DirectorySeparatorChar);

    private void RemoveAbandonedStaging(DateTimeOffset now)
    {
        foreach (var file in new DirectoryInfo(_staging).EnumerateFiles())
        {
            if (now - file.LastWriteTimeUtc > StagingLife)
            {
                file.Delete();
            }
        }
    }
}
