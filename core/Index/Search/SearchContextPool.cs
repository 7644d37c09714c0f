namespace ServerlessRec.Index.Search;

/// <summary>Search contexts for any number of threads: rented without locks, created when none is free, kept up to a bound.</summary>
internal sealed class SearchContextPool(Func<SearchContext> create) : IDisposable
{
    private readonly Func<SearchContext> _create = create;
    private readonly SearchContext?[] _slots = new SearchContext?[Math.Clamp(Environment.ProcessorCount * 4, 16, 256)];
    private volatile bool _disposed;

    public SearchContext Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(HnswIndex));
        var start = Environment.CurrentManagedThreadId;
        for (var i = 0; i < _slots.Length; i++)
        {
            ref var slot = ref _slots[(start + i) % _slots.Length];
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } context)
                return context;
        }
        return _create();
    }

    public void Return(SearchContext context)
    {
        var start = Environment.CurrentManagedThreadId;
        for (var i = 0; i < _slots.Length && !_disposed; i++)
        {
            ref var slot = ref _slots[(start + i) % _slots.Length];
            if (slot is null && Interlocked.CompareExchange(ref slot, context, null) is null)
                return;
        }
        context.Dispose();
    }

    public void Dispose()
    {
        _disposed = true;
        for (var i = 0; i < _slots.Length; i++)
            Interlocked.Exchange(ref _slots[i], null)?.Dispose();
    }
}
