namespace ServerlessRec.Recommender.Serving;

/// <summary>Why an item stands in a list.</summary>
/// <param name="Stage">What found it: personal, popular-and-fresh, neighbors, popular or latest.</param>
/// <param name="IsNew">Training has not seen the item: its vector comes from its content and from similar items.</param>
/// <param name="Reasons">Items of the history, or the item asked for, that it is most like; the most alike first.</param>
public sealed record ItemExplanation(string Stage, bool IsNew, IReadOnlyList<ScoredItem> Reasons);
