using System.Buffers;
using System.IO.Pipelines;
using System.Text.Unicode;

namespace ServerlessRec.Training.Importers;

/// <summary>
/// Reads a UTF-8 file line by line, gzip when its name ends in ".gz". Whatever is wrong is an <see cref="ImportException"/> with its
/// line. Lines of white space are passed over.
/// </summary>
internal sealed class LineReader : IAsyncDisposable
{
    private readonly string _path;
    private readonly PipeReader _pipe;
    private long _line;

    public LineReader(string path)
    {
        _path = path;
        _pipe = PipeReader.Create(SourceFile.Open(path), new StreamPipeReaderOptions(bufferSize: 1 << 16));
    }

    /// <summary>The current line without its end, valid UTF-8; the reader's own memory until the next line is read.</summary>
    public byte[] Current { get; private set; } = [];

    /// <summary>Goes to the next line; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await ReadPipeAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var holdsText = Take(buffer.Slice(0, end));
                _pipe.AdvanceTo(buffer.GetPosition(1, end));
                if (holdsText)
                {
                    return true;
                }
            }
            else if (read.IsCompleted)
            {
                var holdsText = !buffer.IsEmpty && Take(buffer);
                _pipe.AdvanceTo(buffer.End);
                return holdsText;
            }
            else if (buffer.Length > ImportLimits.MaxRowBytes)
            {
                throw new ImportException(_path, _line + 1, $"the line is longer than {ImportLimits.MaxRowBytes} bytes");
            }
            else
            {
                _pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    /// <summary>An exception for the current line.</summary>
    public ImportException Problem(string problem, Exception? cause = null) => new(_path, _line, problem, cause);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private async ValueTask<ReadResult> ReadPipeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _pipe.ReadAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw new ImportException(_path, _line + 1, $"the file cannot be read on: {failure.Message}", failure);
        }
    }

    private bool Take(ReadOnlySequence<byte> sequence)
    {
        _line++;
        Current = sequence.ToArray();
        if (_line == 1 && Current.AsSpan().StartsWith("\uFEFF"u8))
        {
            Current = Current[3..];
        }

        if (!Utf8.IsValid(Current))
        {
            throw Problem("the line is not valid UTF-8; save the file as UTF-8");
        }

        return !Current.AsSpan().Trim(" \t\r"u8).IsEmpty;
    }
}
