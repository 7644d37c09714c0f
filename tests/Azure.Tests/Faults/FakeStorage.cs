using System.Net;
using System.Text;

namespace ServerlessRec.Azure.Tests.Faults;

/// <summary>
/// A storage account in memory, behind the HTTP client: the requests that this project's stores make, with the service's conditions and error
/// codes. Azurite is the judge of what it answers; this one is fast.
/// </summary>
internal sealed class FakeStorage : HttpMessageHandler
{
    public const string ConnectionString =
        "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "BlobEndpoint=http://127.0.0.1:1/devstoreaccount1;TableEndpoint=http://127.0.0.1:2/devstoreaccount1;";

    private const int TablePort = 2;

    private readonly Lock _gate = new();
    private readonly FakeBlobs _blobs = new();
    private readonly FakeTables _tables = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);

        // Behind the account's name.
        var path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath).Split('/', 3)[2];
        lock (_gate)
        {
            return request.RequestUri.Port == TablePort ? _tables.Answer(request, path, body) : _blobs.Answer(request, path, body);
        }
    }

    /// <summary>An answer without a body.</summary>
    public static HttpResponseMessage Empty(HttpStatusCode status, string? etag = null, string? error = null)
    {
        var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent([]) };
        if (etag is not null)
        {
            answer.Headers.TryAddWithoutValidation("ETag", etag);
        }

        if (error is not null)
        {
            answer.Headers.TryAddWithoutValidation("x-ms-error-code", error);
        }

        answer.Content.Headers.LastModified = DateTimeOffset.UtcNow;
        return answer;
    }

    /// <summary>An answer with a body.</summary>
    public static HttpResponseMessage With(byte[] body, string type, HttpStatusCode status = HttpStatusCode.OK, string? etag = null)
    {
        var answer = Empty(status, etag);
        answer.Content = new ByteArrayContent(body);
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        answer.Content.Headers.ContentLength = body.Length; // stated, or clients read no length from it
        answer.Content.Headers.LastModified = DateTimeOffset.UtcNow;
        return answer;
    }

    public static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.TryGetValues(name, out var values) || (request.Content?.Headers.TryGetValues(name, out values) ?? false) ? values.First() : null;

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
