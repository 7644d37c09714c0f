using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using CsvHelper;

namespace ServerlessRec.Training.Importers;

/// <summary>
/// Reads a delimited UTF-8 file row by row, gzip when its name ends in ".gz". Whatever is wrong with the file, a row or a field is an
/// <see cref="ImportException"/> with its line. Values are valid until the next row is read.
/// </summary>
internal sealed class RowReader : IDisposable
{
    private readonly CsvReader _reader;
    private readonly string _path;
    private readonly char[] _id = new char[ImportLimits.MaxIdLength];
    private int _fieldCount;

    private RowReader(string path, CsvReader reader, int fieldCount)
    {
        _path = path;
        _reader = reader;
        _fieldCount = fieldCount;
    }

    /// <summary>Line of the current row, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Opens a file whose first row names the columns.</summary>
    public static RowReader OpenWithHeader(string path, char separator, CsvMode mode = CsvMode.Rfc4180) =>
        new(path, CsvReader.Create(SourceFile.Open(path), Options(separator, mode, hasHeader: true)), 0);

    /// <summary>Opens a file of rows with <paramref name="fieldCount"/> fields between "::", without quoting and without a header.</summary>
    public static RowReader OpenDoubleColon(string path, int fieldCount) =>
        new(path, CsvReader.Create(new CsvSeparatorStream(SourceFile.Open(path), "::"), Options(null, CsvMode.NoEscape, hasHeader: false)), fieldCount);

    /// <summary>Reads the header of a file that has one.</summary>
    public async ValueTask<RowHeader> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _reader.ReadHeaderAsync(cancellationToken);
        }
        catch (Exception failure) when (IsInputFailure(failure))
        {
            throw Unreadable(failure, 1);
        }

        Line = 1;
        _fieldCount = _reader.Headers.Count;
        return new RowHeader(_path, _reader.Headers);
    }

    /// <summary>Goes to the next row; false at the end. Empty lines are passed over.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await _reader.ReadAsync(cancellationToken))
            {
                return false;
            }
        }
        catch (Exception failure) when (IsInputFailure(failure))
        {
            throw Unreadable(failure, Line + 1);
        }

        Line = _reader.LineNumber;
        if (_reader.RawRecord.Length > ImportLimits.MaxRowBytes)
        {
            throw Problem($"the row has {_reader.RawRecord.Length} bytes; at most {ImportLimits.MaxRowBytes} are read");
        }

        if (!Utf8.IsValid(_reader.RawRecord))
        {
            throw Problem("the row is not valid UTF-8; save the file as UTF-8");
        }

        if (_reader.FieldCount != _fieldCount)
        {
            throw Problem($"the row has {_reader.FieldCount} fields, expected {_fieldCount}; is it cut off, or is a separator not quoted?");
        }

        return true;
    }

    /// <summary>A field as UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Of(Column column) => _reader.GetSpan(column.Place);

    /// <summary>A field as a string.</summary>
    public string Text(Column column) => _reader.GetString(column.Place);

    /// <summary>A field that is an id or a name: 1 to <paramref name="longest"/> characters, no control characters. Valid until the next one.</summary>
    public ReadOnlySpan<char> Id(Column column, int longest = ImportLimits.MaxIdLength)
    {
        var utf8 = Utf8Of(column);
        if (utf8.IsEmpty)
        {
            throw Problem($"{column.Name} is empty");
        }

        if (Utf8.ToUtf16(utf8, _id.AsSpan(0, longest), out _, out var length) != OperationStatus.Done)
        {
            throw Problem($"{column.Name} is longer than {longest} characters");
        }

        ReadOnlySpan<char> id = _id.AsSpan(0, length);
        foreach (var character in id)
        {
            if (char.IsControl(character))
            {
                throw Problem($"{column.Name} holds a control character");
            }
        }

        return id;
    }

    /// <summary>A field that is a finite number in a range.</summary>
    public double Number(Column column, double least = float.MinValue, double most = float.MaxValue)
    {
        if (!double.TryParse(Utf8Of(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            throw Problem($"{column.Name} '{ErrorExcerpt.Of(Text(column))}' is not a number");
        }

        return number >= least && number <= most
            ? number
            : throw Problem(FormattableString.Invariant($"{column.Name} {ErrorExcerpt.Of(Text(column))} is not between {least} and {most}"));
    }

    /// <summary>A field that is a whole number of seconds since 1970, as Unix milliseconds.</summary>
    public long UnixSeconds(Column column)
    {
        if (!long.TryParse(Utf8Of(column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            throw Problem($"{column.Name} '{ErrorExcerpt.Of(Text(column))}' is not a whole number of seconds since 1970");
        }

        return ImportedTime.IsInRange(seconds)
            ? seconds * 1000
            : throw Problem($"{column.Name} {seconds} is out of range: expected {ImportedTime.Range}");
    }

    /// <summary>An exception for the current row.</summary>
    public ImportException Problem(string problem) => new(_path, Line, problem);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private static CsvReaderOptions Options(char? separator, CsvMode mode, bool hasHeader) => new()
    {
        Separator = separator,
        Mode = mode,
        HasHeader = hasHeader,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = ImportLimits.MaxRowBytes,
        DetectSeparatorHint = false,
    };

    private static bool IsInputFailure(Exception failure) =>
        failure is CsvFormatException or IOException or InvalidDataException or NotSupportedException;

    private ImportException Unreadable(Exception failure, long line) => failure switch
    {
        CsvFormatException format => new ImportException(_path, format.LineNumber > 0 ? format.LineNumber : line, Reason(format), format),
        InvalidDataException => new ImportException(_path, line, $"the compressed data is damaged or cut off: {failure.Message}", failure),
        _ => new ImportException(_path, line, failure.Message, failure),
    };

    // The parser's words for its own options and records say nothing to the owner of the file.
    private static string Reason(CsvFormatException failure)
    {
        if (failure.Message.Contains(nameof(CsvReaderOptions.MaxRecordSize), StringComparison.Ordinal))
        {
            return $"the row is longer than {ImportLimits.MaxRowBytes} bytes; is a quote never closed?";
        }

        if (failure.Message.Contains("U+001F", StringComparison.Ordinal))
        {
            return "the file holds the control character U+001F";
        }

        var reason = failure.Message.IndexOf("): ", StringComparison.Ordinal);
        return reason < 0 ? failure.Message : $"broken quoting: {failure.Message[(reason + 3)..]}";
    }
}
