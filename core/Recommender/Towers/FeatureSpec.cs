namespace ServerlessRec.Recommender.Towers;

/// <summary>
/// `features.json`: how items and histories become the towers' inputs. Written by training, read by serving; one encoder for both.
/// </summary>
/// <remarks>
/// Item tower (ONNX), B items: `item_ids` int64 [B] (0 = no id embedding), `category_ids` int64 [B, C] and `category_weights` float [B, C]
/// (padding 0 / 0; the weights of a row sum to 1), `text_ids` int64 [B, T] and `text_weights` float [B, T] (likewise),
/// `numbers` float [B, N] (N = <see cref="NumberWidth"/>, at least 1) → `item_vectors` float [B, D], unit length.
/// User tower (ONNX), B users, L entries, oldest first, padded on the right: `history_vectors` float [B, L, D],
/// `history_types` int64 [B, L] (0 = unknown type), `history_weights` float [B, L] (0 = padding, otherwise 1),
/// `history_ages` float [B, L] (natural log of 1 + hours between the entry and the newest entry of that history; 0 for padding)
/// → `user_vectors` float [B, D], unit length. B, L, C and T are dynamic.
/// </remarks>
public sealed record FeatureSpec
{
    /// <summary>Format of this file; readers refuse a newer one.</summary>
    public const int CurrentFormat = 1;

    /// <summary>See <see cref="CurrentFormat"/>.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>D: length of item and user vectors.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Newest history entries that the user tower reads.</summary>
    public required int HistoryLength { get; init; }

    /// <summary>Feedback types; a type's id is its place + 1.</summary>
    public IReadOnlyList<string> FeedbackTypes { get; init; } = [];

    /// <summary>Category names; a category's id is its place + 1. Unknown ones are left out.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Categories of an item that are read at most.</summary>
    public int MaxCategories { get; init; } = 8;

    /// <summary>Hash buckets for words of title (<c>Comment</c>) and of string labels; ids are 1..buckets. 0: no text.</summary>
    public int TextBuckets { get; init; }

    /// <summary>Words of an item that are read at most.</summary>
    public int MaxWords { get; init; } = 24;

    /// <summary>Numbers read from labels, standardised.</summary>
    public IReadOnlyList<NumberFeature> Numbers { get; init; } = [];

    /// <summary>Embeddings (arrays of numbers) read from labels.</summary>
    public IReadOnlyList<EmbeddingFeature> Embeddings { get; init; } = [];

    /// <summary>N: width of the `numbers` input: each number and its "is present" flag, then the embeddings; at least 1.</summary>
    public int NumberWidth
    {
        get
        {
            var width = 2 * Numbers.Count;
            foreach (var embedding in Embeddings)
            {
                width += embedding.Dimensions;
            }

            return Math.Max(1, width);
        }
    }
}

/// <summary>A number in an item's labels.</summary>
/// <param name="Label">Property of the labels object.</param>
/// <param name="Mean">Subtracted.</param>
/// <param name="Scale">Divides; greater than 0.</param>
public sealed record NumberFeature(string Label, double Mean, double Scale);

/// <summary>An array of numbers in an item's labels, L2-normalised on reading; zeros when missing or of another length.</summary>
/// <param name="Label">Property of the labels object.</param>
/// <param name="Dimensions">Length.</param>
public sealed record EmbeddingFeature(string Label, int Dimensions);
