using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text.Json;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Buffers;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Retrieval;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Releases;

/// <summary>The files of a release in memory, hashed, ready to be written. Disposing frees them.</summary>
internal sealed class ReleaseFileSet : IDisposable
{
    private const float UnitTolerance = 1e-3f;

    private readonly List<(ReleaseFile File, SegmentedStream Content)> _files = [];

    private ReleaseFileSet(string towerVersion) => TowerVersion = towerVersion;

    public string TowerVersion { get; }

    /// <summary>What the index was measured to need.</summary>
    public int EfSearch { get; private set; }

    public IReadOnlyList<(ReleaseFile File, SegmentedStream Content)> Files => _files;

    /// <summary>Builds the index and every other file.</summary>
    /// <exception cref="ArgumentException">The draft contradicts itself; the message says where.</exception>
    public static ReleaseFileSet Build(ReleaseDraft draft, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        Check(draft);
        var features = FeatureSpecJson.Write(draft.Features);
        var files = new ReleaseFileSet(VersionOf(draft.UserTower.Span, draft.ItemTower.Span, features));
        try
        {
            files.AddIndex(draft, progress, cancellationToken);
            files.Add(ItemTable.FileName, stream => ItemTableWriter.Write(draft.Items, stream));
            files.Add(UserTower.FileName, stream => stream.Write(draft.UserTower.Span));
            files.Add(ItemTower.FileName, stream => stream.Write(draft.ItemTower.Span));
            if (draft.RankerSpec is not null)
            {
                files.Add(Ranker.FileName, stream => stream.Write(draft.Ranker.Span));
            }

            files.Add(ReleasePaths.FeaturesName, stream => stream.Write(features));
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var (_, content) in _files)
        {
            content.Dispose();
        }
    }

    private static string VersionOf(ReadOnlySpan<byte> userTower, ReadOnlySpan<byte> itemTower, ReadOnlySpan<byte> features)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(userTower);
        hash.AppendData(itemTower);
        hash.AppendData(features);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static void Check(ReleaseDraft draft)
    {
        FeatureSpecJson.Validate(draft.Features);
        var width = draft.Features.Dimensions;
        Require(draft.Items.Count > 0, "it holds no items");
        Require(draft.BuiltIndex is null || (draft.BuiltIndex.Count, draft.BuiltIndex.Dimensions) == (draft.Items.Count, width), "its index is not of its items");
        Require(draft.BuiltIndex is not null || draft.ItemVectors.Length == (long)draft.Items.Count * width, $"{draft.ItemVectors.Length} numbers are not {draft.Items.Count} vectors of {width}");
        Require(draft.Index is null || draft.Index.Dimensions == width, $"the index has {draft.Index?.Dimensions} dimensions, the features {width}");
        Require(draft.UserVectors.Length % width == 0, $"{draft.UserVectors.Length} numbers are no user vectors of {width}");
        Require(!draft.UserTower.IsEmpty && !draft.ItemTower.IsEmpty, "a tower is empty");
        Require(draft.Ranker.IsEmpty == (draft.RankerSpec is null), "the ranker and what is said of it do not belong together");
        draft.RankerSpec?.Validate();
        for (var row = 0; row < draft.Items.Count; row++)
        {
            var norm = draft.BuiltIndex is null ? TensorPrimitives.Norm(draft.ItemVectors.Span.Slice(row * width, width)) : 1;
            Require(MathF.Abs(norm - 1) <= UnitTolerance, $"the vector of item '{draft.Items[row].Item.ItemId}' has length {norm}, not 1");
            Require(IsJson(draft.Items[row].Item.LabelsJson), $"the labels of item '{draft.Items[row].Item.ItemId}' are not JSON");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException($"The release cannot be published: {otherwise}.");
        }
    }

    private void AddIndex(ReleaseDraft draft, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (draft.BuiltIndex is { } built)
        {
            AddIndex(built, draft, cancellationToken);
            return;
        }

        progress?.Report($"building the index of {draft.Items.Count} items");
        var (vectors, width) = (draft.ItemVectors, draft.Features.Dimensions);
        using var index = HnswIndex.Build(
            draft.Index ?? new HnswOptions { Dimensions = width, Metric = Metric.InnerProduct, Rerank = RerankVectors.Residual },
            draft.Items.Count,
            (ordinal, destination) => vectors.Span.Slice(ordinal * width, width).CopyTo(destination),
            null,
            cancellationToken);
        AddIndex(index, draft, cancellationToken);
    }

    private void AddIndex(HnswIndex index, ReleaseDraft draft, CancellationToken cancellationToken)
    {
        EfSearch = draft.EfSearch ?? EfSearchChoice.For(index, draft.UserVectors, cancellationToken);
        Add(ReleasePaths.IndexName, index.Save);
    }

    private static bool IsJson(string? text)
    {
        if (text is null)
        {
            return true;
        }

        try
        {
            using var parsed = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Add(string name, Action<Stream> write)
    {
        var content = new SegmentedStream();
        try
        {
            write(content);
            content.Position = 0;
            _files.Add((new ReleaseFile(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))), content));
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}
