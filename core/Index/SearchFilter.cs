namespace ServerlessRec.Index;

/// <summary>Which ordinals a search may return. The default lets everything pass. The sets must not change while a search reads them.</summary>
public readonly ref struct SearchFilter
{
    /// <summary>Only these ordinals, or null for all.</summary>
    public OrdinalSet? Allowed { get; init; }

    /// <summary>None of these ordinals, or null. Wins over <see cref="Allowed"/>.</summary>
    public OrdinalSet? Excluded { get; init; }

    internal bool IsEmpty => Allowed is null && (Excluded is null || Excluded.Count == 0);

    internal bool Matches(int ordinal) =>
        (Allowed is null || Allowed.Contains(ordinal)) && (Excluded is null || !Excluded.Contains(ordinal));

    /// <summary>An upper bound of how many of <paramref name="count"/> ordinals match.</summary>
    internal int MatchesAtMost(int count)
    {
        var allowed = Allowed is null ? count : Math.Min(Allowed.Count, count);
        return Allowed is null && Excluded is not null ? Math.Max(0, allowed - Math.Min(Excluded.Count, allowed)) : allowed;
    }

    /// <summary>The matching ordinals 64 × index to 64 × index + 63 as bits, none at or beyond <paramref name="count"/>.</summary>
    internal ulong WordAt(int index, int count)
    {
        var word = Allowed is null ? ulong.MaxValue : index < Allowed.Words.Length ? Allowed.Words[index] : 0;
        if (Excluded is not null && index < Excluded.Words.Length)
            word &= ~Excluded.Words[index];
        var left = count - (index * 64);
        return left >= 64 ? word : word & ((1UL << left) - 1);
    }
}
