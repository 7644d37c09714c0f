using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Recommender.Towers;

namespace ServerlessRec.Recommender.Releases;

/// <summary>Everything a release is made of, before it is published.</summary>
public sealed record ReleaseDraft
{
    /// <summary>How it was made: "train" or "rebuild".</summary>
    public required string Origin { get; init; }

    /// <summary>The towers' inputs.</summary>
    public required FeatureSpec Features { get; init; }

    /// <summary>The user tower, ONNX.</summary>
    public required ReadOnlyMemory<byte> UserTower { get; init; }

    /// <summary>The item tower, ONNX.</summary>
    public required ReadOnlyMemory<byte> ItemTower { get; init; }

    /// <summary>How the ranker is used; null: the release has none.</summary>
    public RankerSpec? RankerSpec { get; init; }

    /// <summary>The ranker, ONNX; empty: the release has none.</summary>
    public ReadOnlyMemory<byte> Ranker { get; init; }

    /// <summary>The items; an item's place is its ordinal in the index. No id twice.</summary>
    public required IReadOnlyList<CatalogueRow> Items { get; init; }

    /// <summary>Item vectors, row-major, Items.Count × D, each of unit length.</summary>
    public required ReadOnlyMemory<float> ItemVectors { get; init; }

    /// <summary>How the index is built; null: inner product, codes continued to 16 bits for reranking. Its dimensions must be the features'.</summary>
    public HnswOptions? Index { get; init; }

    /// <summary>A finished index of the items, in their order; then <see cref="ItemVectors"/> may be empty and <see cref="Index"/> counts for nothing.</summary>
    public HnswIndex? BuiltIndex { get; init; }

    /// <summary>User vectors, row-major, that <see cref="ReleaseManifest.EfSearch"/> is measured with; empty: queries are made of items.</summary>
    public ReadOnlyMemory<float> UserVectors { get; init; }

    /// <summary><see cref="ReleaseManifest.EfSearch"/>; null: it is measured.</summary>
    public int? EfSearch { get; init; }

    /// <summary>The release this one was made from: promoted only while that one serves. Null: promoted over any.</summary>
    public string? OnlyOver { get; init; }

    /// <summary>Measured figures, such as "model.ndcg@10".</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Notes for people: data set, seed, gate reasons.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>Catalogue log position up to which item changes are inside; 0 when there is no log.</summary>
    public long CatalogueLogPosition { get; init; }
}
