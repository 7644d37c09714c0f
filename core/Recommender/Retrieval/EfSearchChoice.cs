using ServerlessRec.Index;

namespace ServerlessRec.Recommender.Retrieval;

/// <summary>
/// How many candidates a search keeps. Indexes differ: one finds nearly all of the exact ten with 64, another needs 512. So each release is
/// measured when it is made, and a request adds what makes it harder than that measurement.
/// </summary>
public static class EfSearchChoice
{
    /// <summary>What a release is searched with that was not measured, and the most any is.</summary>
    public const int Most = 512;

    private const double Enough = 0.99;
    private const double Noise = 0.005;
    private const int Queries = 300;

    private static readonly int[] Tried = [64, 96, 128, 192, 256, 384];

    /// <summary>The least of a few that finds 99 % of the exact ten; <see cref="Most"/> where none does.</summary>
    /// <param name="index">A finished index.</param>
    /// <param name="users">User vectors, row-major; empty: queries are made of items, which are harder.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal static int For(HnswIndex index, ReadOnlyMemory<float> users, CancellationToken cancellationToken) => Least(
        new RecallCheck(index, users.IsEmpty ? RecallCheck.LikeUsers(index, Queries, 1) : users, cancellationToken), Tried[0], Enough, cancellationToken);

    /// <summary>
    /// For an index made of another one, without users at hand: no less than that one's, and as much as finds what that one finds of queries that
    /// are made of items.
    /// </summary>
    /// <param name="made">Of the index that was made.</param>
    /// <param name="before">The index it was made of.</param>
    /// <param name="measured">What <paramref name="before"/> is searched with.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal static int After(RecallCheck made, HnswIndex before, int measured, CancellationToken cancellationToken) => measured >= Most
        ? Most
        : Least(
            made,
            measured,
            new RecallCheck(before, RecallCheck.LikeUsers(before, Queries, 1), cancellationToken).At(measured, cancellationToken) - Noise,
            cancellationToken);

    /// <summary>
    /// What one request is searched with: longer lists need more, and items that are left out are mostly those nearest to the user. Behind a
    /// filter it is not known how much more.
    /// </summary>
    /// <param name="measured">The release's own.</param>
    /// <param name="wanted">Items that are wanted.</param>
    /// <param name="excluded">Items that are left out.</param>
    /// <param name="isFiltered">Whether only some items may be in the list.</param>
    public static int Of(int measured, int wanted, int excluded, bool isFiltered) =>
        isFiltered ? Most : (int)Math.Min(Most, Math.Max(measured, 4L * wanted) + excluded);

    private static int Least(RecallCheck check, int from, double enough, CancellationToken cancellationToken)
    {
        foreach (var ef in Tried.Where(ef => ef > from).Prepend(from))
        {
            if (check.At(ef, cancellationToken) >= enough)
            {
                return ef;
            }
        }

        return Most;
    }
}
