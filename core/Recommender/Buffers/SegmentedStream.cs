namespace ServerlessRec.Recommender.Buffers;

/// <summary>A file being made in native memory: written once from front to back, then read as often as wanted. May exceed 2 GiB. Not thread-safe.</summary>
public sealed class SegmentedStream : Stream
{
    private const int SegmentLength = 4 << 20;

    private readonly List<NativeBuffer> _segments = [];
    private long _length;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position { get; set; }

    /// <summary>Appends, wherever the position is.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var at = (int)(_length % SegmentLength);
            if (at == 0)
            {
                _segments.Add(new NativeBuffer(SegmentLength));
            }

            var count = Math.Min(buffer.Length, SegmentLength - at);
            buffer[..count].CopyTo(_segments[^1].Span(at, count));
            buffer = buffer[count..];
            _length += count;
        }

        Position = _length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var at = (int)(Position % SegmentLength);
        var count = (int)Math.Min(Math.Min(buffer.Length, SegmentLength - at), Math.Max(0, _length - Position));
        if (count > 0)
        {
            _segments[(int)(Position / SegmentLength)].Span(at, count).CopyTo(buffer);
            Position += count;
        }

        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => _length + offset,
    };

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var segment in _segments)
        {
            segment.Dispose();
        }

        _segments.Clear();
        _length = 0;
        base.Dispose(disposing);
    }
}
