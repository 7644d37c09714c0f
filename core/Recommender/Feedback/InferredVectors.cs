using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>Infers user vectors with the towers of the release that serves; null while none is loaded. Thread-safe.</summary>
/// <param name="histories">Each oldest first.</param>
/// <param name="cancellationToken">Stops the inference.</param>
public delegate InferredVectors? UserVectorInference(
    IReadOnlyList<IReadOnlyList<HistoryEntry>> histories, CancellationToken cancellationToken);

/// <summary>One vector a history.</summary>
/// <param name="TowerVersion">The towers that made them.</param>
/// <param name="Dimensions">D.</param>
/// <param name="Vectors">[histories × D], row by row, unit length.</param>
/// <param name="Known">[histories]: false where no item of a history was known and the vector means nothing.</param>
public sealed record InferredVectors(string TowerVersion, int Dimensions, ReadOnlyMemory<float> Vectors, ReadOnlyMemory<bool> Known)
{
    /// <summary>The state with a copy of its new vector, so that it keeps no batch alive; unchanged where the history is not known.</summary>
    public UserState Put(UserState state, int row) => Known.Span[row]
        ? state with { Vector = Vectors.Slice(row * Dimensions, Dimensions).ToArray(), TowerVersion = TowerVersion }
        : state;
}
