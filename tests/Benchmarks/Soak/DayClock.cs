namespace ServerlessRec.Benchmarks.Soak;

/// <summary>The system's clock, which can be put forward. Timers run as the system's do.</summary>
internal sealed class DayClock : TimeProvider
{
    private long _ahead;

    public void Forward(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _ahead));
}
