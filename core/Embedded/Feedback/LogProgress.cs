namespace ServerlessRec.Embedded.Feedback;

/// <summary>How far the log is durable; readers wait here for more. Thread-safe.</summary>
internal sealed class LogProgress
{
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _end;

    public long End => Volatile.Read(ref _end);

    public void Advance(long end)
    {
        Volatile.Write(ref _end, end);
        Interlocked.Exchange(ref _grown, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Returns when the log is longer than <paramref name="position"/>.</summary>
    public async ValueTask WaitAsync(long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The order matters: taken first, the signal covers whatever is committed after the look at the end.
            var grown = Volatile.Read(ref _grown).Task;
            if (End > position)
            {
                return;
            }

            await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
