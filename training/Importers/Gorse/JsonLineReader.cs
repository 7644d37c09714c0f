using System.Text.Json;

namespace ServerlessRec.Training.Importers.Gorse;

/// <summary>Reads a file of one JSON object a line; whatever is wrong is an <see cref="ImportException"/> with its line.</summary>
internal sealed class JsonLineReader(string path) : IAsyncDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private readonly LineReader _lines = new(path);
    private JsonDocument? _document;

    /// <summary>The object of the current line.</summary>
    public JsonElement Current => _document!.RootElement;

    /// <summary>Goes to the next object; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _document?.Dispose();
        _document = null;
        if (!await _lines.ReadAsync(cancellationToken))
        {
            return false;
        }

        try
        {
            _document = JsonDocument.Parse(_lines.Current, Strict);
        }
        catch (JsonException failure)
        {
            throw _lines.Problem($"not one valid JSON object: {Reason(failure)}", failure);
        }

        return _document.RootElement.ValueKind == JsonValueKind.Object
            ? true
            : throw Problem($"expected one JSON object a line, found {_document.RootElement.ValueKind}");
    }

    /// <summary>An exception for the current line.</summary>
    public ImportException Problem(string problem) => _lines.Problem(problem);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _document?.Dispose();
        return _lines.DisposeAsync();
    }

    // The parser saw one line only, so its own line number would mislead.
    private static string Reason(JsonException failure)
    {
        var position = failure.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = position < 0 ? failure.Message : failure.Message[..position];
        return failure.BytePositionInLine is { } at ? FormattableString.Invariant($"{reason} (byte {at + 1} of the line)") : reason;
    }
}
