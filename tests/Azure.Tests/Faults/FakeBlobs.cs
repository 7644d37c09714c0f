using System.Globalization;
using System.Net;
using System.Security;
using System.Text;

namespace ServerlessRec.Azure.Tests.Faults;

/// <summary>The blob service of <see cref="FakeStorage"/>: one container, small blobs, append blobs, leases that end only when they are released.</summary>
internal sealed class FakeBlobs
{
    private readonly SortedDictionary<string, Blob> _blobs = new(StringComparer.Ordinal);
    private int _version;

    public HttpResponseMessage Answer(HttpRequestMessage request, string path, byte[] body)
    {
        var query = request.RequestUri!.Query;
        if (query.Contains("restype=container", StringComparison.Ordinal))
        {
            return request.Method == HttpMethod.Get ? List(query) : FakeStorage.Empty(HttpStatusCode.Created);
        }

        var name = path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var found = _blobs.GetValueOrDefault(name);
        if (request.Method == HttpMethod.Put)
        {
            return query.Contains("comp=appendblock", StringComparison.Ordinal) ? Append(request, name, found, body)
                : query.Contains("comp=lease", StringComparison.Ordinal) ? Lease(request, found)
                : Write(request, name, found, body);
        }

        if (found is null)
        {
            return Refused(HttpStatusCode.NotFound, "BlobNotFound");
        }

        if (request.Method == HttpMethod.Delete)
        {
            _blobs.Remove(name);
            return FakeStorage.Empty(HttpStatusCode.Accepted);
        }

        return Read(request, found);
    }

    private static HttpResponseMessage Refused(HttpStatusCode status, string error) => FakeStorage.Empty(status, error: error);

    private HttpResponseMessage Write(HttpRequestMessage request, string name, Blob? found, byte[] body)
    {
        if (FakeStorage.Header(request, "If-None-Match") == "*" && found is not null)
        {
            return Refused(HttpStatusCode.Conflict, "BlobAlreadyExists");
        }

        if (FakeStorage.Header(request, "If-Match") is { } expected && expected != found?.ETag)
        {
            return Refused(HttpStatusCode.PreconditionFailed, "ConditionNotMet");
        }

        var metadata = request.Headers.Where(header => header.Key.StartsWith("x-ms-meta-", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key, header => header.Value.First());
        return Keep(name, new Blob(body, FakeStorage.Header(request, "x-ms-blob-type")!, metadata));
    }

    private HttpResponseMessage Append(HttpRequestMessage request, string name, Blob? found, byte[] body)
    {
        if (found is null)
        {
            return Refused(HttpStatusCode.NotFound, "BlobNotFound");
        }

        return FakeStorage.Header(request, "x-ms-blob-condition-appendpos") is { } position
            && long.Parse(position, CultureInfo.InvariantCulture) != found.Bytes.Length
            ? Refused(HttpStatusCode.PreconditionFailed, "AppendPositionConditionNotMet")
            : Keep(name, found with { Bytes = [.. found.Bytes, .. body] });
    }

    private static HttpResponseMessage Lease(HttpRequestMessage request, Blob? found)
    {
        if (found is null)
        {
            return Refused(HttpStatusCode.NotFound, "BlobNotFound");
        }

        var action = FakeStorage.Header(request, "x-ms-lease-action");
        if (action == "break")
        {
            found.Lease = null;
            return FakeStorage.Empty(HttpStatusCode.Accepted, found.ETag);
        }

        var id = FakeStorage.Header(request, "x-ms-lease-id") ?? FakeStorage.Header(request, "x-ms-proposed-lease-id");
        if (found.Lease is { } held && held != id)
        {
            return Refused(HttpStatusCode.Conflict, "LeaseAlreadyPresent");
        }

        found.Lease = action == "release" ? null : id;
        var answer = FakeStorage.Empty(action == "acquire" ? HttpStatusCode.Created : HttpStatusCode.OK, found.ETag);
        answer.Headers.Add("x-ms-lease-id", id);
        return answer;
    }

    private static HttpResponseMessage Read(HttpRequestMessage request, Blob found)
    {
        var (start, end) = (0L, found.Bytes.Length - 1L);
        var isRange = FakeStorage.Header(request, "x-ms-range") is not null;
        if (FakeStorage.Header(request, "x-ms-range") is { } range)
        {
            var ends = range["bytes=".Length..].Split('-');
            start = long.Parse(ends[0], CultureInfo.InvariantCulture);
            end = ends[1].Length == 0 ? end : Math.Min(end, long.Parse(ends[1], CultureInfo.InvariantCulture));
            if (start >= found.Bytes.Length)
            {
                return Refused(HttpStatusCode.RequestedRangeNotSatisfiable, "InvalidRange");
            }
        }

        var answer = FakeStorage.With(
            found.Bytes[(int)start..(int)(end + 1)], "application/octet-stream", isRange ? HttpStatusCode.PartialContent : HttpStatusCode.OK, found.ETag);
        if (isRange)
        {
            answer.Content.Headers.TryAddWithoutValidation("Content-Range", $"bytes {start}-{end}/{found.Bytes.Length}");
        }

        answer.Headers.Add("x-ms-blob-type", found.Type);
        foreach (var (key, value) in found.Metadata)
        {
            answer.Headers.Add(key, value);
        }

        return answer;
    }

    private HttpResponseMessage List(string query)
    {
        var prefix = query.TrimStart('?').Split('&').Where(part => part.StartsWith("prefix=", StringComparison.Ordinal))
            .Select(part => Uri.UnescapeDataString(part["prefix=".Length..])).FirstOrDefault("");
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"http://127.0.0.1:1/\" ContainerName=\"fake\"><Blobs>");
        foreach (var (name, blob) in _blobs.Where(blob => blob.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            xml.Append(
                CultureInfo.InvariantCulture,
                $"<Blob><Name>{SecurityElement.Escape(name)}</Name><Properties><Last-Modified>{DateTimeOffset.UtcNow:R}</Last-Modified><Etag>{blob.ETag.Trim('"')}</Etag>");
            xml.Append(
                CultureInfo.InvariantCulture,
                $"<Content-Length>{blob.Bytes.Length}</Content-Length><BlobType>{blob.Type}</BlobType></Properties></Blob>");
        }

        return FakeStorage.With(FakeStorage.Utf8(xml.Append("</Blobs><NextMarker /></EnumerationResults>").ToString()), "application/xml");
    }

    private HttpResponseMessage Keep(string name, Blob blob)
    {
        _blobs[name] = blob with { ETag = string.Create(CultureInfo.InvariantCulture, $"\"0x{++_version:X}\"") };
        var answer = FakeStorage.Empty(HttpStatusCode.Created, _blobs[name].ETag);
        answer.Headers.Add("x-ms-request-server-encrypted", "true");
        return answer;
    }

    private sealed record Blob(byte[] Bytes, string Type, Dictionary<string, string> Metadata)
    {
        public string ETag { get; init; } = "";

        public string? Lease { get; set; }
    }
}
