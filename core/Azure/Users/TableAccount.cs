using Azure.Core;
using Azure.Core.Pipeline;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Azure.Settings;

namespace ServerlessRec.Azure.Users;

/// <summary>An account's table address and how its requests are signed.</summary>
internal static class TableAccount
{
    private const string Scope = "https://storage.azure.com/.default";
    private const string DevelopmentStorage =
        "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "TableEndpoint=http://127.0.0.1:10002/devstoreaccount1";

    /// <summary>The requests of the settings' users table.</summary>
    /// <param name="settings">Address and table.</param>
    /// <param name="credential">Signs in where the address is no connection string.</param>
    /// <param name="transport">Sends; null: the client's own.</param>
    /// <param name="limits">How long a request may take.</param>
    /// <exception cref="FormatException">The connection string lacks something; the message says what, without its value.</exception>
    public static TableRequests Open(StoreSettings settings, Lazy<TokenCredential> credential, HttpPipelineTransport? transport, ClientLimits limits)
    {
        if (settings.Address.Kind == StoreKind.Account)
        {
            var blobs = new UriBuilder(settings.Address.Value);
            blobs.Host = blobs.Host.Replace(".blob.", ".table.", StringComparison.OrdinalIgnoreCase);
            var bearer = new BearerTokenAuthenticationPolicy(credential.Value, Scope);
            return new TableRequests(Pipeline(bearer, transport, limits), blobs.Uri.AbsoluteUri.TrimEnd('/'), settings.UsersTable);
        }

        var parts = Parts(settings.Address.Value);
        if (parts.TryGetValue("UseDevelopmentStorage", out var uses) && bool.TryParse(uses, out var isDevelopment) && isDevelopment)
        {
            parts = Parts(DevelopmentStorage);
        }

        return new TableRequests(Pipeline(Signing(parts), transport, limits), Endpoint(parts), settings.UsersTable);
    }

    private static HttpPipeline Pipeline(HttpPipelinePolicy signing, HttpPipelineTransport? transport, ClientLimits limits)
    {
        var options = limits.ApplyTo(new TableClientOptions());
        if (transport is not null)
        {
            options.Transport = transport;
        }

        return HttpPipelineBuilder.Build(options, [], [signing], new ResponseClassifier());
    }

    private static Dictionary<string, string> Parts(string connection) => connection
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(part => part.Split('=', 2))
        .Where(part => part.Length == 2)
        .GroupBy(part => part[0], StringComparer.OrdinalIgnoreCase)
        .ToDictionary(part => part.Key, part => part.Last()[1], StringComparer.OrdinalIgnoreCase);

    private static HttpPipelinePolicy Signing(Dictionary<string, string> parts)
    {
        if (parts.TryGetValue("SharedAccessSignature", out var signature))
        {
            return new SharedAccessSignature(signature);
        }

        if (!parts.TryGetValue("AccountName", out var account) || !parts.TryGetValue("AccountKey", out var key))
        {
            throw new FormatException("The storage connection string needs AccountName and AccountKey, or SharedAccessSignature.");
        }

        try
        {
            return new SharedKeySigning(account, Convert.FromBase64String(key));
        }
        catch (FormatException)
        {
            throw new FormatException("The AccountKey of the storage connection string is not Base64.");
        }
    }

    private static string Endpoint(Dictionary<string, string> parts)
    {
        if (parts.TryGetValue("TableEndpoint", out var endpoint))
        {
            return endpoint.TrimEnd('/');
        }

        if (!parts.TryGetValue("AccountName", out var account))
        {
            throw new FormatException("The storage connection string names BlobEndpoint without TableEndpoint, where the users lie: add it.");
        }

        return $"{parts.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table.{parts.GetValueOrDefault("EndpointSuffix", "core.windows.net")}";
    }

    private sealed class TableClientOptions : ClientOptions;
}
