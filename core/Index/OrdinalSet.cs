using System.Numerics;

namespace ServerlessRec.Index;

/// <summary>A set of ordinals as a bitmap. Not safe for changes beside readers; any number of readers at once.</summary>
public sealed class OrdinalSet
{
    private readonly ulong[] _words;

    /// <summary>An empty set for ordinals 0 to <paramref name="capacity"/> − 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public OrdinalSet(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        Capacity = capacity;
        _words = new ulong[(capacity + 63L) / 64];
    }

    /// <summary>One more than the greatest ordinal the set can hold.</summary>
    public int Capacity { get; }

    /// <summary>How many ordinals are in the set.</summary>
    public int Count { get; private set; }

    internal ReadOnlySpan<ulong> Words => _words;

    /// <summary>Adds an ordinal; returns whether it was new.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to Capacity − 1.</exception>
    public bool Add(int ordinal)
    {
        ref var word = ref Word(ordinal);
        var bit = 1UL << ordinal;
        if ((word & bit) != 0)
            return false;
        word |= bit;
        Count++;
        return true;
    }

    /// <summary>Removes an ordinal; returns whether it was there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to Capacity − 1.</exception>
    public bool Remove(int ordinal)
    {
        ref var word = ref Word(ordinal);
        var bit = 1UL << ordinal;
        if ((word & bit) == 0)
            return false;
        word &= ~bit;
        Count--;
        return true;
    }

    /// <summary>Whether the ordinal is in the set; false for ordinals outside the capacity.</summary>
    public bool Contains(int ordinal)
    {
        var index = ordinal >>> 6;
        return (uint)index < (uint)_words.Length && (_words[index] & (1UL << ordinal)) != 0;
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        Array.Clear(_words);
        Count = 0;
    }

    /// <summary>Adds every ordinal of the capacity.</summary>
    public void Fill()
    {
        Array.Fill(_words, ulong.MaxValue);
        if ((Capacity & 63) != 0)
            _words[^1] = (1UL << (Capacity & 63)) - 1;
        Count = Capacity;
    }

    /// <summary>A copy with another capacity; what lies beyond a smaller one is left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public OrdinalSet Clone(int capacity)
    {
        var copy = new OrdinalSet(capacity);
        _words.AsSpan(0, Math.Min(_words.Length, copy._words.Length)).CopyTo(copy._words);
        if (capacity < Capacity && (capacity & 63) != 0)
            copy._words[^1] &= (1UL << (capacity & 63)) - 1;
        copy.Count = copy.CountBelow(capacity);
        return copy;
    }

    internal int CountBelow(int limit)
    {
        var whole = Math.Min(limit / 64, _words.Length);
        var count = 0;
        for (var i = 0; i < whole; i++)
            count += BitOperations.PopCount(_words[i]);
        if (whole < _words.Length && (limit & 63) != 0)
            count += BitOperations.PopCount(_words[whole] & ((1UL << (limit & 63)) - 1));
        return count;
    }

    private ref ulong Word(int ordinal)
    {
        if ((uint)ordinal >= (uint)Capacity)
            throw new ArgumentOutOfRangeException(nameof(ordinal), ordinal, $"The set holds ordinals 0 to {Capacity - 1}.");
        return ref _words[ordinal >> 6];
    }
}
