using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessRec.FunctionsHost.Contract;

/// <summary>A request, and what its answer comes down to: everything but ids and times of the moment.</summary>
internal sealed partial record Exchange(string Method, string Path, string? Body = null, string ContentType = "application/json", string? Version = null)
{
    private static readonly string[] Compared = ["Content-Type", "Retry-After", "Cache-Control", "X-Release", "X-Variant"];

    public static Exchange Get(string path) => new("GET", path);

    public override string ToString() => $"{Method} {Path}{(Body is null ? "" : " " + Body[..Math.Min(Body.Length, 60)])}";

    public async Task<string> AnswerAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(Method), new Uri(client.BaseAddress + Path[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (Body is not null)
        {
            request.Content = new StringContent(Body, Encoding.UTF8, ContentType);
        }

        if (Version is not null)
        {
            request.Headers.Add("X-API-Version", Version);
        }

        using var response = await client.SendAsync(request, cancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => Compared.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase).Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return $"{(int)response.StatusCode}\n{string.Join('\n', headers)}\n{OfTheMoment().Replace(body, "\"$1\":\"*\"")}";
    }

    [GeneratedRegex("\"(traceId|Timestamp|CreatedAt|AcceptedAt)\":\"[^\"]*\"")]
    private static partial Regex OfTheMoment();
}
