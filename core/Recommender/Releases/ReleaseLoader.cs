using ServerlessRec.Index;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Buffers;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Releases;

/// <summary>Loads a release into native memory: all files at once, each by concurrent range reads, every byte checked against the manifest. Thread-safe.</summary>
public sealed class ReleaseLoader(IBlobStore blobs)
{
    private static readonly string[] RequiredFiles =
        [ReleasePaths.IndexName, ItemTable.FileName, UserTower.FileName, ItemTower.FileName, ReleasePaths.FeaturesName];

    private readonly ReleaseStore _store = new(blobs, TimeProvider.System);

    /// <summary>Loads a release. The caller owns one reference to it.</summary>
    /// <param name="releaseId">Which.</param>
    /// <param name="serving">A release whose towers and ranker are shared where they are the same; the caller keeps it until this returns. Null: none.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ReleaseNotFoundException">There is no such release.</exception>
    /// <exception cref="ReleaseDamagedException">A file fails a check; the message names it.</exception>
    /// <exception cref="BlobStoreException">The store is away.</exception>
    public async Task<LoadedRelease> LoadAsync(string releaseId, LoadedRelease? serving = null, CancellationToken cancellationToken = default)
    {
        var manifest = await _store.ReadManifestAsync(releaseId, cancellationToken).ConfigureAwait(false);
        var files = manifest.Files?.ToDictionary(f => f.Name, StringComparer.Ordinal) ?? [];
        foreach (var name in RequiredFiles)
        {
            if (!files.ContainsKey(name))
            {
                throw new ReleaseDamagedException(releaseId, ReleasePaths.ManifestName, $"it does not list {name}");
            }
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stored = StoredLengthsAsync(releaseId, stop.Token);
        // Items first: they take longest to open, and do so while the index, the largest, is still coming.
        var items = Task.Run(() => LoadItemsAsync(releaseId, files[ItemTable.FileName], stored, stop.Token), stop.Token);
        var index = Task.Run(() => LoadIndexAsync(releaseId, files[ReleasePaths.IndexName], stored, stop.Token), stop.Token);
        var others = manifest.Files!.Where(f => f.Name is not (ReleasePaths.IndexName or ItemTable.FileName))
            .ToDictionary(f => f.Name, f => ReadAsync(releaseId, f, stored, stop.Token), StringComparer.Ordinal);
        var all = others.Values.Append<Task>(index).Append(items).Append(stored).ToList();
        try
        {
            await WhenAllOrFirstFailureAsync(all).ConfigureAwait(false);
            return Assemble(
                manifest,
                serving,
                await index.ConfigureAwait(false),
                await items.ConfigureAwait(false),
                others.ToDictionary(f => f.Key, f => f.Value.Result, StringComparer.Ordinal));
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(all)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            DisposeWhenLoaded(index);
            DisposeWhenLoaded(items);
            throw;
        }
    }

    /// <summary>Loads the items of a release alone. The caller disposes them.</summary>
    internal Task<ItemTable> LoadItemsAsync(ReleaseManifest manifest, CancellationToken cancellationToken)
    {
        var file = manifest.Files.FirstOrDefault(f => f.Name == ItemTable.FileName)
            ?? throw new ReleaseDamagedException(manifest.Id, ReleasePaths.ManifestName, $"it does not list {ItemTable.FileName}");
        return LoadItemsAsync(manifest.Id, file, StoredLengthsAsync(manifest.Id, cancellationToken), cancellationToken);
    }

    private static LoadedRelease Assemble(
        ReleaseManifest manifest, LoadedRelease? serving, HnswIndex index, ItemTable items, Dictionary<string, byte[]> others)
    {
        FeatureSpec features;
        try
        {
            features = FeatureSpecJson.Read(others[ReleasePaths.FeaturesName]);
        }
        catch (InvalidDataException e)
        {
            throw new ReleaseDamagedException(manifest.Id, ReleasePaths.FeaturesName, e.Message, e);
        }

        Require(manifest, Ranker.FileName, manifest.Ranker is null || others.ContainsKey(Ranker.FileName), "the manifest says how it is used and does not list it");
        Require(manifest, Ranker.FileName, manifest.Ranker is not null || !others.ContainsKey(Ranker.FileName), "the manifest lists it and does not say how it is used");
        Require(manifest, ReleasePaths.FeaturesName, features.Dimensions == manifest.Dimensions, $"it has {features.Dimensions} dimensions, the manifest {manifest.Dimensions}");
        Require(manifest, ReleasePaths.IndexName, index.Dimensions == manifest.Dimensions, $"it has {index.Dimensions} dimensions, the manifest {manifest.Dimensions}");
        Require(manifest, ReleasePaths.IndexName, index.Count == manifest.ItemCount, $"it holds {index.Count} items, the manifest {manifest.ItemCount}");
        Require(manifest, ItemTable.FileName, items.Count == manifest.ItemCount, $"it holds {items.Count} items, the manifest {manifest.ItemCount}");
        return new LoadedRelease(
            manifest,
            features,
            index,
            items,
            HasSame(UserTower.FileName) && serving!.UserTower.TryShare() ? serving.UserTower : new UserTower(features, others[UserTower.FileName]),
            HasSame(ItemTower.FileName) && serving!.ItemTower.TryShare() ? serving.ItemTower : new ItemTower(features, others[ItemTower.FileName]),
            manifest.Ranker is null ? null : RankerOf(manifest.Ranker));

        Ranker RankerOf(RankerSpec spec) =>
            serving?.Ranker is { } same && same.Spec == spec && HashOf(manifest, Ranker.FileName) == HashOf(serving.Manifest, Ranker.FileName) && same.TryShare()
                ? same
                : new Ranker(spec, others[Ranker.FileName]);

        bool HasSame(string tower) => serving is not null
            && HashOf(manifest, tower) == HashOf(serving.Manifest, tower)
            && HashOf(manifest, ReleasePaths.FeaturesName) == HashOf(serving.Manifest, ReleasePaths.FeaturesName);
    }

    private static string HashOf(ReleaseManifest manifest, string fileName) => manifest.Files.First(file => file.Name == fileName).Sha256;

    private static void Require(ReleaseManifest manifest, string fileName, bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ReleaseDamagedException(manifest.Id, fileName, otherwise);
        }
    }

    private async Task<HnswIndex> LoadIndexAsync(string releaseId, ReleaseFile file, Task<Dictionary<string, long>> stored, CancellationToken cancellationToken)
    {
        var reader = new VerifiedReader(blobs, releaseId, file, stored, cancellationToken);
        await using var _ = reader.ConfigureAwait(false);
        HnswIndex? index = null;
        try
        {
            index = await HnswIndex.LoadAsync(file.Length, reader.ReadAsync, cancellationToken).ConfigureAwait(false);
            await reader.FinishAsync().ConfigureAwait(false);
            return index;
        }
        catch (SnapshotFormatException e)
        {
            throw new ReleaseDamagedException(releaseId, file.Name, e.Message, e);
        }
        catch
        {
            index?.Dispose();
            throw;
        }
    }

    private async Task<ItemTable> LoadItemsAsync(string releaseId, ReleaseFile file, Task<Dictionary<string, long>> stored, CancellationToken cancellationToken)
    {
        var buffer = new NativeBuffer(file.Length);
        try
        {
            var reader = new VerifiedReader(blobs, releaseId, file, stored, cancellationToken);
            await using (reader.ConfigureAwait(false))
            {
                for (var offset = 0L; offset < file.Length; offset += int.MaxValue)
                {
                    var part = buffer.Memory(offset, (int)Math.Min(int.MaxValue, file.Length - offset));
                    await reader.ReadAsync(offset, part, cancellationToken).ConfigureAwait(false);
                }

                await reader.FinishAsync().ConfigureAwait(false);
            }

            return ItemTable.Open(buffer);
        }
        catch (ItemTableFormatException e)
        {
            throw new ReleaseDamagedException(releaseId, file.Name, e.Message, e);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private async Task<byte[]> ReadAsync(string releaseId, ReleaseFile file, Task<Dictionary<string, long>> stored, CancellationToken cancellationToken)
    {
        if (file.Length > Array.MaxLength)
        {
            throw new ReleaseDamagedException(releaseId, file.Name, $"{file.Length} bytes are more than such a file can have");
        }

        var bytes = new byte[file.Length];
        var reader = new VerifiedReader(blobs, releaseId, file, stored, cancellationToken);
        await using var _ = reader.ConfigureAwait(false);
        await reader.ReadAsync(0, bytes, cancellationToken).ConfigureAwait(false);
        await reader.FinishAsync().ConfigureAwait(false);
        return bytes;
    }

    // One request for all files, beside their reads.
    private async Task<Dictionary<string, long>> StoredLengthsAsync(string releaseId, CancellationToken cancellationToken)
    {
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var file in blobs.ListAsync(ReleasePaths.File(releaseId, ""), cancellationToken).ConfigureAwait(false))
        {
            lengths[file.Path] = file.Length;
        }

        return lengths;
    }

    private static async Task WhenAllOrFirstFailureAsync(IReadOnlyCollection<Task> tasks)
    {
        await foreach (var done in Task.WhenEach(tasks).ConfigureAwait(false))
        {
            await done.ConfigureAwait(false);
        }
    }

    private static void DisposeWhenLoaded<T>(Task<T> task)
        where T : IDisposable
    {
        if (task.IsCompletedSuccessfully)
        {
            task.Result.Dispose();
        }
    }
}
