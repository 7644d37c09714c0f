using Microsoft.Win32.SafeHandles;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Feedback;

/// <summary>
/// The one writer of a log. Appends that arrive while the disk is busy are written together and share one flush (group commit).
/// It has a thread of its own, because it waits for the disk most of the time: a thread of the pool would be missing elsewhere.
/// </summary>
internal sealed class LogWriter : IAsyncDisposable
{
    private const int GroupBytes = 8 << 20;

    private readonly object _gate = new();
    private readonly Queue<AppendRequest> _waiting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _directory;
    private readonly FeedbackLogOptions _options;
    private readonly TimeProvider _clock;
    private readonly LogProgress _progress;
    private readonly long[] _nextSequences;

    private SafeFileHandle _handle;
    private LogSegment _segment;
    private long _end;
    private long[] _committed;
    private long _lastAcceptedAt;
    private long _pendingBytes;
    private bool _closed;
    private FeedbackLogException? _broken;

    public LogWriter(string directory, FeedbackLogOptions options, TimeProvider clock, LogSegment last, LogProgress progress)
    {
        (_directory, _options, _clock, _segment, _progress) = (directory, options, clock, last, progress);
        _handle = File.OpenHandle(last.File, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _nextSequences = [.. last.NextSequences];
        _end = SegmentRecovery.Recover(last, _handle, _nextSequences);
        _committed = [.. _nextSequences];
        _lastAcceptedAt = clock.GetUtcNow().UtcTicks;
        _progress.Advance(_end);
        new Thread(Run) { IsBackground = true, Name = "feedback log writer" }.Start();
    }

    public int Partitions => _nextSequences.Length;

    public long NextSequence(int partition) => Volatile.Read(ref _committed)[partition];

    public DateTimeOffset LastAcceptedAt => new(Volatile.Read(ref _lastAcceptedAt), TimeSpan.Zero);

    public Task AppendAsync(AppendRequest request)
    {
        lock (_gate)
        {
            if (_closed)
            {
                throw new FeedbackLogException("The feedback log is closed.");
            }

            if (_pendingBytes + request.Bytes > _options.MaxPendingBytes)
            {
                throw new FeedbackLogBusyException(
                    $"More than {_options.MaxPendingBytes} bytes of feedback would wait for the disk; send again later.");
            }

            _pendingBytes += request.Bytes;
            _waiting.Enqueue(request);
            Monitor.Pulse(_gate);
        }

        return request.Done;
    }

    /// <summary>Writes what was accepted, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        await _ended.Task.ConfigureAwait(false);
        _handle.Dispose();
    }

    private void Run()
    {
        var group = new List<AppendRequest>();
        while (TakeGroup(group))
        {
            Commit(group, group.Sum(request => request.Bytes));
            group.Clear();
        }

        _ended.SetResult();
    }

    /// <summary>Waits for appends and takes as many as one write may hold; false when the log is closed and all are written.</summary>
    private bool TakeGroup(List<AppendRequest> group)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            var bytes = 0;
            while (bytes < GroupBytes && _waiting.TryDequeue(out var request))
            {
                group.Add(request);
                bytes += request.Bytes;
            }

            _pendingBytes -= bytes;
            return group.Count > 0;
        }
    }

    private void Commit(List<AppendRequest> group, int bytes)
    {
        var sequences = _nextSequences.ToArray();
        try
        {
            if (_broken is not null)
            {
                throw _broken;
            }

            RollWhenFull();
            Write(group, bytes);
            Volatile.Write(ref _committed, [.. _nextSequences]);
            _progress.Advance(_end);
            group.ForEach(request => request.Succeed());
        }
        catch (Exception error)
        {
            sequences.CopyTo(_nextSequences, 0);
            var told = error as FeedbackLogException ?? new FeedbackLogException($"The feedback log cannot write: {error.Message}", error);
            TakeBack(told);
            group.ForEach(request => request.Fail(told));
        }
    }

    private void Write(List<AppendRequest> group, int bytes)
    {
        var buffer = new byte[bytes];
        var now = _clock.GetUtcNow();
        Volatile.Write(ref _lastAcceptedAt, now.UtcTicks);
        var written = 0;
        foreach (var request in group)
        {
            request.Place(_end + written, now, _nextSequences, buffer.AsSpan(written));
            written += request.Bytes;
        }

        RandomAccess.Write(_handle, buffer, _segment.HeaderBytes + _end - _segment.Start);
        RandomAccess.FlushToDisk(_handle);
        _end += written;
    }

    private void RollWhenFull()
    {
        if (_end - _segment.Start < _options.SegmentBytes)
        {
            return;
        }

        var (segment, handle) = LogSegment.Create(_directory, _end, _nextSequences);
        _handle.Dispose();
        (_segment, _handle) = (segment, handle);
    }

    // Bytes of a group that was refused must not become valid later. If they cannot be taken back, nothing is written any more.
    private void TakeBack(FeedbackLogException reason)
    {
        try
        {
            RandomAccess.SetLength(_handle, _segment.HeaderBytes + _end - _segment.Start);
            RandomAccess.FlushToDisk(_handle);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _broken ??= new FeedbackLogException("The feedback log stopped after a failed write; restart the program.", reason);
        }
    }
}
