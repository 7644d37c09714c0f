using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ServerlessRec.Azure.Tests.Faults;

/// <summary>The table service of <see cref="FakeStorage"/>: one table, rows by their keys.</summary>
internal sealed class FakeTables
{
    private readonly Dictionary<string, (byte[] Body, string ETag)> _rows = new(StringComparer.Ordinal);
    private int _version;

    public HttpResponseMessage Answer(HttpRequestMessage request, string path, byte[] body)
    {
        if (path == "Tables")
        {
            return FakeStorage.Empty(HttpStatusCode.Created);
        }

        if (request.Method == HttpMethod.Post)
        {
            using var row = JsonDocument.Parse(body);
            var key = $"PartitionKey='{row.RootElement.GetProperty("PartitionKey").GetString()}',RowKey='{row.RootElement.GetProperty("RowKey").GetString()}'";
            return _rows.ContainsKey(key) ? FakeStorage.Empty(HttpStatusCode.Conflict, error: "EntityAlreadyExists") : Write(key, body);
        }

        var named = path[(path.IndexOf('(', StringComparison.Ordinal) + 1)..^1];
        if (!_rows.TryGetValue(named, out var found))
        {
            return FakeStorage.Empty(HttpStatusCode.NotFound, error: "ResourceNotFound");
        }

        if (request.Method == HttpMethod.Get)
        {
            return FakeStorage.With(found.Body, "application/json", etag: found.ETag);
        }

        if (FakeStorage.Header(request, "If-Match") is { } expected && expected != "*" && expected != found.ETag)
        {
            return FakeStorage.Empty(HttpStatusCode.PreconditionFailed, error: "UpdateConditionNotSatisfied");
        }

        return request.Method == HttpMethod.Put ? Write(named, body) : throw new NotSupportedException($"{request.Method} {path}");
    }

    private HttpResponseMessage Write(string key, byte[] body)
    {
        var etag = string.Create(CultureInfo.InvariantCulture, $"W/\"datetime'2026-11-01T00%3A00%3A00.{++_version:D7}Z'\"");
        _rows[key] = (body, etag);
        return FakeStorage.Empty(HttpStatusCode.NoContent, etag);
    }
}
