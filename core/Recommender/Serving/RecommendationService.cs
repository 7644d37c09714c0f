using System.Buffers;
using ServerlessRec.Index;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Filters;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Serving;

/// <summary>
/// Answers who should see what: user state → user vector → index search with filter and exclusion inside → ranker, where the release
/// has one → list. Thread-safe.
/// </summary>
/// <remarks>
/// Every method throws <see cref="ReleaseNotLoadedException"/> while no release is loaded, <see cref="UserStoreException"/> when a user must
/// be read and the store is away, <see cref="ArgumentOutOfRangeException"/> for a query out of range and <see cref="FilterSyntaxException"/>
/// for a filter that cannot be read. Hidden items are in no list.
/// </remarks>
public sealed class RecommendationService
{
    private readonly ReleaseHolder _releases;
    private readonly IUserStore _users;
    private readonly TimeProvider _clock;
    private readonly ListMaker _lists;

    /// <summary>A service over the release that <paramref name="releases"/> holds at each moment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public RecommendationService(ReleaseHolder releases, IUserStore users, ServingOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _releases = releases;
        _users = users;
        _clock = clock;
        _lists = new ListMaker(options, clock);
    }

    /// <summary>
    /// The best unseen items for a user. A user who is unknown, or of whom nothing that the release knows is known, gets popular and fresh items.
    /// </summary>
    public async ValueTask<Recommendations> RecommendAsync(string userId, RecommendQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        var request = Begin(query);
        var user = await _users.ReadAsync(userId, cancellationToken).ConfigureAwait(false);
        var reader = await ReadReaderAsync(query, userId, cancellationToken).ConfigureAwait(false);
        using var release = _releases.Acquire();
        using var exclusion = RequestExclusion.Rent(release, query, user?.State);
        exclusion.AddSeen(release, reader);
        return Personal(
            release,
            request,
            exclusion,
            destination => UserVectors.TryGet(release, user?.State, destination, cancellationToken),
            userId,
            user?.State.History ?? [],
            cancellationToken);
    }

    /// <summary>The best items for one anonymous session; what the session holds is not in the answer.</summary>
    /// <param name="session">The session's feedback in any order.</param>
    /// <param name="query">What the list shall be like.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async ValueTask<Recommendations> RecommendSessionAsync(
        IReadOnlyList<FeedbackEvent> session, RecommendQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        var request = Begin(query);
        var reader = await ReadReaderAsync(query, null, cancellationToken).ConfigureAwait(false);
        using var release = _releases.Acquire();
        using var exclusion = RequestExclusion.Rent(release, query, reader);
        foreach (var feedback in session)
        {
            exclusion.AddItem(release, feedback.ItemId);
        }

        var history = History(session);
        return Personal(
            release,
            request,
            exclusion,
            destination => UserVectors.TryInfer(release, history, destination, cancellationToken),
            "",
            history,
            cancellationToken);
    }

    /// <summary>The items most like one; null when the release does not know it.</summary>
    public async ValueTask<Recommendations?> NeighborsAsync(string itemId, RecommendQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(itemId);
        var request = Begin(query);
        var reader = await ReadReaderAsync(query, null, cancellationToken).ConfigureAwait(false);
        using var release = _releases.Acquire();
        if (!release.Catalogue.TryFind(itemId, out var ordinal))
        {
            return null;
        }

        using var exclusion = RequestExclusion.Rent(release, query, reader);
        exclusion.Add(ordinal);
        return Nearest(
            release, request, exclusion, destination => UserVectors.CopyItem(release, ordinal, destination), "", "neighbors", [itemId], null, cancellationToken);
    }

    /// <summary>The most popular items; scores are popularities.</summary>
    public ValueTask<Recommendations> PopularAsync(RecommendQuery query, CancellationToken cancellationToken = default) =>
        OrderedAsync(query, "popular", _lists.Popular, cancellationToken);

    /// <summary>The latest items that have a timestamp; scores are Unix seconds.</summary>
    public ValueTask<Recommendations> LatestAsync(RecommendQuery query, CancellationToken cancellationToken = default) =>
        OrderedAsync(query, "latest", _lists.Latest, cancellationToken);

    /// <summary>One item, hidden or not; null when unknown.</summary>
    public ValueTask<Item?> GetItemAsync(string itemId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(itemId);
        cancellationToken.ThrowIfCancellationRequested();
        using var release = _releases.Acquire();
        return new(release.Catalogue.TryFind(itemId, out var ordinal) ? release.Catalogue.Read(ordinal).Item : null);
    }

    /// <summary>
    /// Items, hidden ones too, in an order that does not change with the release, so that paging over a new release misses none.
    /// </summary>
    /// <param name="cursor">Null or empty: from the first; otherwise what the page before said.</param>
    /// <param name="count">1–500.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="FormatException">The cursor is not one of these.</exception>
    public ValueTask<ItemPage> ListItemsAsync(string? cursor, int count, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var release = _releases.Acquire();
        return new(ItemPage.Read(release, cursor, count));
    }

    private ListRequest Begin(RecommendQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Validate();
        return new ListRequest(query, query.Filter is null ? null : FilterExpression.Parse(query.Filter), _clock.GetTimestamp());
    }

    // The user whose read items shall not be in the list, unless it is the one the list is for.
    private async ValueTask<UserState?> ReadReaderAsync(RecommendQuery query, string? alreadyRead, CancellationToken cancellationToken) =>
        query.UserId is { Length: > 0 } id && id != alreadyRead
            ? (await _users.ReadAsync(id, cancellationToken).ConfigureAwait(false))?.State
            : null;

    private async ValueTask<Recommendations> OrderedAsync(
        RecommendQuery query, string stage, Func<LoadedRelease, ListRequest, OrdinalSet, ScoredItem[]> make, CancellationToken cancellationToken)
    {
        var request = Begin(query);
        var reader = await ReadReaderAsync(query, null, cancellationToken).ConfigureAwait(false);
        using var release = _releases.Acquire();
        using var exclusion = RequestExclusion.Rent(release, query, reader);
        request.UserDone(_clock);
        return request.Finish(_clock, release, make(release, request, exclusion.Set), stage, []);
    }

    private Recommendations Personal(
        LoadedRelease release,
        ListRequest request,
        RequestExclusion exclusion,
        Func<Memory<float>, bool> makeVector,
        string seedText,
        IReadOnlyList<HistoryEntry> history,
        CancellationToken cancellationToken) =>
        Nearest(release, request, exclusion, makeVector, seedText, "personal", history.Select(entry => entry.ItemId), history, cancellationToken);

    private Recommendations Nearest(
        LoadedRelease release,
        ListRequest request,
        RequestExclusion exclusion,
        Func<Memory<float>, bool> makeVector,
        string seedText,
        string stage,
        IEnumerable<string> sources,
        IReadOnlyList<HistoryEntry>? history,
        CancellationToken cancellationToken)
    {
        var width = release.Features.Dimensions;
        var rented = ArrayPool<float>.Shared.Rent(width);
        try
        {
            var vector = rented.AsMemory(0, width);
            var known = makeVector(vector);
            request.UserDone(_clock);
            return request.Finish(
                _clock,
                release,
                known
                    ? _lists.Nearest(release, request, vector.Span, exclusion.Set, seedText, history, cancellationToken)
                    : _lists.PopularAndFresh(release, request, exclusion.Set, seedText),
                known ? stage : "popular-and-fresh",
                sources);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private static HistoryEntry[] History(IReadOnlyList<FeedbackEvent> session)
    {
        var entries = new HistoryEntry[session.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new HistoryEntry(session[i].ItemId, session[i].FeedbackType, session[i].Value, session[i].Timestamp);
        }

        return [.. entries.OrderBy(e => e.Timestamp)];
    }
}
