using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessRec.Azure.Users;

/// <summary>Adds a shared access signature to the address of every request, once.</summary>
internal sealed class SharedAccessSignature(string signature) : HttpPipelineSynchronousPolicy
{
    private readonly string _signature = signature.TrimStart('?');

    /// <inheritdoc/>
    public override void OnSendingRequest(HttpMessage message)
    {
        var query = message.Request.Uri.Query;
        if (!query.Contains(_signature, StringComparison.Ordinal))
        {
            message.Request.Uri.Query = query.Length == 0 ? "?" + _signature : $"{query}&{_signature}";
        }
    }
}
