namespace ServerlessRec.Index.Building;

/// <summary>Runs the build's loops: on one thread in order, on several in small portions taken as they come.</summary>
internal static class BuildThreads
{
    public static int Count(HnswOptions options) => options.Threads == 0 ? Environment.ProcessorCount : options.Threads;

    /// <summary>Calls <paramref name="body"/> with ranges that cover 0 to <paramref name="count"/> − 1, each with its thread's state.</summary>
    public static void For<TState>(
        int threads, int count, int portion, Func<TState> begin, Action<int, int, TState> body, CancellationToken cancellationToken)
        where TState : class, IDisposable
    {
        var next = 0L;
        void Work()
        {
            using var state = begin();
            for (var start = Interlocked.Add(ref next, portion) - portion; start < count; start = Interlocked.Add(ref next, portion) - portion)
            {
                cancellationToken.ThrowIfCancellationRequested();
                body((int)start, (int)Math.Min(count, start + portion), state);
            }
        }

        if (threads == 1 || count <= portion)
        {
            Work();
            return;
        }
        try
        {
            Parallel.Invoke(new ParallelOptions { MaxDegreeOfParallelism = threads }, [.. Enumerable.Repeat(Work, threads)]);
        }
        catch (AggregateException failure)
        {
            // One failure is told as itself; the others are its echoes in other threads.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.Flatten().InnerExceptions[0]);
        }
    }
}
