namespace ServerlessRec.Index.Search;

/// <summary>Whether a node may be returned. Structs, so that unfiltered walks do not pay for the question.</summary>
internal interface IMatch
{
    bool Matches(uint node);
}

/// <summary>Every node may be returned.</summary>
internal readonly struct MatchAll : IMatch
{
    public bool Matches(uint node) => true;
}

/// <summary>A node may be returned when the filter lets its ordinal pass.</summary>
internal readonly unsafe ref struct MatchFilter(SearchFilter filter, int* ordinals) : IMatch
{
    private readonly SearchFilter _filter = filter;
    private readonly int* _ordinals = ordinals;

    public bool Matches(uint node) => _filter.Matches(_ordinals[node]);
}
