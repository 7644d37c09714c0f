using System.Runtime.CompilerServices;
using ServerlessRec.Index.Memory;

namespace ServerlessRec.Index.Search;

/// <summary>
/// The candidates of a walk, best first, as sorted keys: score, node, and two marks. A sorted array beats two heaps at the sizes that
/// searches use: most scored nodes fail the comparison with the last key, and the others move a few cache lines.
/// </summary>
/// <remarks>
/// The pool keeps <c>ef</c> candidates and, under a filter, much more than it takes to hold <c>wanted</c> that match: so a walk goes
/// on through nodes that do not match until enough have been found, and what it returns never comes from the uncertain end of the pool.
/// </remarks>
internal sealed unsafe class CandidatePool : IDisposable
{
    private const uint Expanded = 1;
    private const uint Matching = 2;

    private NativeBlock _block = new(64 * sizeof(ulong));
    private ulong* _keys;
    private int _capacity;
    private int _size;
    private int _next;
    private int _matching;
    private int _ef;
    private int _wanted;
    private double _perMatch;
    private uint _worst;
    private int _lastWanted;

    /// <summary>How many candidates are held.</summary>
    public int Size => _size;

    /// <summary>How many of them match the filter.</summary>
    public int MatchingCount => _matching;

    /// <summary>Candidates scoring worse than this rank would be dropped at once.</summary>
    public uint Worst => _worst;

    /// <summary>The score of that rank; not a number, which no score is below, while the pool has room.</summary>
    public float WorstScore => ScoreKey.Score((ulong)_worst << 32);

    /// <summary>Empties the pool.</summary>
    /// <param name="ef">Candidates kept at least.</param>
    /// <param name="wanted">How many must match, 0 when all do.</param>
    /// <param name="perMatch">Candidates kept for each up to the last wanted match.</param>
    public void Begin(int ef, int wanted = 0, double perMatch = 1)
    {
        if (_capacity < ef + 2)
            Grow(ef + 2);
        _size = 0;
        _next = 0;
        _matching = 0;
        _ef = ef;
        _wanted = wanted;
        _perMatch = perMatch;
        _worst = uint.MaxValue;
        _lastWanted = -1;
    }

    /// <summary>Adds a candidate unless it is worse than all of a full pool.</summary>
    public void Add(float score, uint node, bool matches)
    {
        var key = ScoreKey.Of(score, (node << 2) | (matches ? Matching : 0));
        int low = 0, high = _size;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_keys[middle] < key)
                low = middle + 1;
            else
                high = middle;
        }
        if (_size == _capacity)
            Grow(_capacity * 2);
        var behind = _size - low;
        if (behind > 0)
            new ReadOnlySpan<ulong>(_keys + low, behind).CopyTo(new Span<ulong>(_keys + low + 1, behind));
        _keys[low] = key;
        _size++;
        _matching += matches ? 1 : 0;
        if (low < _next)
            _next = low;
        if (_wanted > 0)
            FollowWanted(low, matches);
        if (_size >= _ef)
            Trim();
    }

    /// <summary>Takes the best candidate whose neighbours were not read yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryExpand(out uint node)
    {
        var next = _next;
        while (next < _size && (_keys[next] & Expanded) != 0)
            next++;
        _next = next;
        if (next == _size)
        {
            node = 0;
            return false;
        }
        _keys[next] |= Expanded;
        node = (uint)_keys[next] >> 2;
        return true;
    }

    /// <summary>The candidate that would be expanded next, as a hint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPeek(out uint node)
    {
        var next = _next + 1;
        node = next < _size ? (uint)_keys[next] >> 2 : 0;
        return next < _size;
    }

    public uint Node(int index) => (uint)_keys[index] >> 2;

    public float Score(int index) => ScoreKey.Score(_keys[index]);

    public bool IsMatching(int index) => (_keys[index] & Matching) != 0;

    public void Dispose() => _block.Dispose();

    /// <summary>Keeps the place of the last wanted match as candidates come in before it.</summary>
    private void FollowWanted(int insertedAt, bool matches)
    {
        if (_lastWanted < 0)
        {
            if (_matching < _wanted)
                return;
            _lastWanted = _size - 1;
        }
        else if (insertedAt > _lastWanted)
        {
            return;
        }
        else if (!matches)
        {
            _lastWanted++;
            return;
        }
        while (!IsMatching(_lastWanted))
            _lastWanted--;
    }

    private void Trim()
    {
        var limit = _ef;
        if (_wanted > 0)
        {
            if (_lastWanted < 0)
                return;
            limit = Math.Max(_ef, (int)(_lastWanted * _perMatch) + 1);
        }
        while (_size > limit)
            _matching -= (_keys[--_size] & Matching) != 0 ? 1 : 0;
        _worst = _size >= limit ? (uint)(_keys[_size - 1] >> 32) : uint.MaxValue;
    }

    private void Grow(int capacity)
    {
        var grown = new NativeBlock((long)capacity * sizeof(ulong));
        new ReadOnlySpan<ulong>(_keys, _size).CopyTo(new Span<ulong>(grown.Pointer, capacity));
        _block.Dispose();
        _block = grown;
        _keys = (ulong*)grown.Pointer;
        _capacity = capacity;
    }
}
