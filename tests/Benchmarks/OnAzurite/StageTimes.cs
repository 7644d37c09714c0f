using System.Diagnostics;

namespace ServerlessRec.Benchmarks.OnAzurite;

/// <summary>Time that calls of a store took, and how many there were. Calls run beside each other: the sum may be greater than the clock's. Any thread.</summary>
internal sealed class StageTimes
{
    private long _ticks;
    private long _calls;
    private long _entries;

    public double Seconds => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _ticks)).TotalSeconds;

    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Rows or lines of all calls.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    public async ValueTask<T> OfAsync<T>(int entries, Func<ValueTask<T>> call)
    {
        var begun = Stopwatch.GetTimestamp();
        var result = await call();
        Interlocked.Add(ref _ticks, Stopwatch.GetTimestamp() - begun);
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _entries, entries);
        return result;
    }

    public void Clear()
    {
        Interlocked.Exchange(ref _ticks, 0);
        Interlocked.Exchange(ref _calls, 0);
        Interlocked.Exchange(ref _entries, 0);
    }
}
