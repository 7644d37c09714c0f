using ServerlessRec.Recommender.Filters;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Recommender.Serving;

/// <summary>One list being made: the query and a stopwatch. Not thread-safe.</summary>
internal sealed class ListRequest(RecommendQuery query, FilterExpression? filter, long started)
{
    private TimeSpan _user;
    private TimeSpan _retrieved;

    public RecommendQuery Query => query;

    public FilterExpression? Filter => filter;

    /// <summary>Places to fill, those skipped included.</summary>
    public int Wanted => query.Count == 0 ? 0 : query.Offset + query.Count;

    public void UserDone(TimeProvider clock) => _retrieved = _user = clock.GetElapsedTime(started);

    public void RetrieveDone(TimeProvider clock) => _retrieved = clock.GetElapsedTime(started);

    /// <param name="clock">Time.</param>
    /// <param name="release">The release that made the list.</param>
    /// <param name="items">The list.</param>
    /// <param name="stage">What found the items.</param>
    /// <param name="sources">Ids of items the list was made from, the most recent last.</param>
    public Recommendations Finish(TimeProvider clock, LoadedRelease release, ScoredItem[] items, string stage, IEnumerable<string> sources)
    {
        var explanations = query.Explain ? Explanations.Of(release, items, stage, sources) : null;
        var total = clock.GetElapsedTime(started);
        return new Recommendations(items, release.Id, new StageTimings(_user, _retrieved - _user, total - _retrieved, total)) { Explanations = explanations };
    }
}
