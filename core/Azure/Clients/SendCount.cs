using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessRec.Azure.Clients;

/// <summary>
/// Counts how often the requests of one call went out. A write that was sent twice and then refused may have been done by its first sending,
/// whose answer was lost: only the store's content tells.
/// </summary>
internal sealed class SendCount
{
    private const string Property = "serverlessrec.sends";

    private int _sends;

    private SendCount()
    {
    }

    /// <summary>Whether a request went out more than once.</summary>
    public bool IsRepeated => Volatile.Read(ref _sends) > 1;

    /// <summary>Counts the one request that is sent in the scope.</summary>
    public static IDisposable Start(out SendCount count)
    {
        count = new SendCount();
        return HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(1) { [Property] = count });
    }

    /// <summary>The policy that counts; a client has it once, behind its retries.</summary>
    internal sealed class Policy : HttpPipelineSynchronousPolicy
    {
        /// <inheritdoc/>
        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.TryGetProperty(Property, out var value) && value is SendCount count)
            {
                Interlocked.Increment(ref count._sends);
            }
        }
    }
}
