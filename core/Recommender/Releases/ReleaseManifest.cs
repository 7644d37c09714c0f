using System.Text.Json.Serialization;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Retrieval;

namespace ServerlessRec.Recommender.Releases;

/// <summary>What a release consists of; `releases/{id}/manifest.json`, written last, so that a release with a manifest is whole.</summary>
public sealed record ReleaseManifest
{
    /// <summary>Format of this file and of the files it lists; readers refuse a newer one.</summary>
    public const int CurrentFormat = 1;

    /// <summary>See <see cref="CurrentFormat"/>.</summary>
    public required int Format { get; init; }

    /// <summary>Release id: sortable by creation time, such as "20261124T223000123Z-3f9c2a".</summary>
    public required string Id { get; init; }

    /// <summary>Creation time (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How it was made: "train" or "rebuild".</summary>
    public required string Origin { get; init; }

    /// <summary>Names the towers: SHA-256 over both tower files and features.json, hex, first 16 digits. User vectors of another version do not fit.</summary>
    public required string TowerVersion { get; init; }

    /// <summary>Length of item and user vectors.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Rows in items.bin and vectors in the index; row and ordinal are the same number.</summary>
    public required int ItemCount { get; init; }

    /// <summary>Catalogue log position up to which item changes are inside.</summary>
    public long CatalogueLogPosition { get; init; }

    /// <summary>How the ranker is used, when the files hold one; otherwise null, and not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RankerSpec? Ranker { get; init; }

    /// <summary>Candidates a search of its index keeps to find 99 % of the exact ten, as measured when it was made; 512 where that was not reached or not measured.</summary>
    public int EfSearch { get; init; } = EfSearchChoice.Most;

    /// <summary>Every file but the manifest.</summary>
    public required IReadOnlyList<ReleaseFile> Files { get; init; }

    /// <summary>Measured figures, such as "model.ndcg@10" or "popularity.ndcg@10".</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Notes for people: data set, seed, gate reasons.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();
}

/// <summary>One file of a release.</summary>
/// <param name="Name">File name below the release's folder.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record ReleaseFile(string Name, long Length, string Sha256);

/// <summary>`current.json`: the one mutable file; written with If-Match only.</summary>
public sealed record CurrentPointer
{
    /// <summary>The release that serves.</summary>
    public required string Current { get; init; }

    /// <summary>Releases that served before, newest first; rollback goes to the first.</summary>
    public IReadOnlyList<string> Previous { get; init; } = [];
}
