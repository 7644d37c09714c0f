using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessRec.Azure.Users;

/// <summary>Signs table requests with the account's key: Shared Key Lite, over date and resource. A repeat is signed anew.</summary>
internal sealed class SharedKeySigning(string account, byte[] key) : HttpPipelineSynchronousPolicy
{
    /// <inheritdoc/>
    public override void OnSendingRequest(HttpMessage message)
    {
        var date = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        var resource = $"/{account}{message.Request.Uri.ToUri().AbsolutePath}";
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{date}\n{resource}"));
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", $"SharedKeyLite {account}:{Convert.ToBase64String(signature)}");
    }
}
