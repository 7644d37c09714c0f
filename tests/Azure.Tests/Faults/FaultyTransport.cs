using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ServerlessRec.Azure.Tests.Faults;

/// <summary>What a network, or the service at its end, does to a request.</summary>
internal enum TransportFault
{
    /// <summary>The connection is reset before the request arrives.</summary>
    ResetBefore,

    /// <summary>The request is done, and the connection is reset before the answer arrives.</summary>
    ResetAfter,

    /// <summary>The request is done, and no answer comes in time.</summary>
    TimeoutAfter,

    /// <summary>503: nothing was done.</summary>
    Unavailable,

    /// <summary>429: nothing was done.</summary>
    Throttled,

    /// <summary>409 or 412 to a write under a condition, as if somebody else had been faster; nothing was done.</summary>
    Conflict,
}

/// <summary>A transport on which a share of the requests meets a fault. The same seed deals out the same faults.</summary>
/// <param name="network">What is behind it: the real network, or a <see cref="FakeStorage"/>.</param>
/// <param name="seed">Of the faults.</param>
/// <param name="share">Of the requests, 0–1.</param>
/// <param name="faults">The kinds that occur.</param>
internal sealed class FaultyTransport(HttpMessageHandler network, int seed, double share, params TransportFault[] faults) : HttpPipelineTransport, IDisposable
{
    /// <summary>Faults under which everything comes through in the end.</summary>
    public static readonly TransportFault[] Lossy = [TransportFault.ResetBefore, TransportFault.ResetAfter, TransportFault.TimeoutAfter, TransportFault.Unavailable, TransportFault.Throttled];

    private readonly HttpClientTransport _network = new(new HttpClient(network));
    private readonly Random _random = new(seed);
    private double _share = share;

    /// <summary>Requests that met one.</summary>
    public int Faults { get; private set; }

    /// <summary>From now on everything comes through.</summary>
    public void Recover() => Volatile.Write(ref _share, 0);

    public void Dispose() => _network.Dispose();

    public override Request CreateRequest() => _network.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        switch (Next())
        {
            case TransportFault.ResetBefore:
                throw new IOException("Connection reset before the request arrived.");
            case TransportFault.ResetAfter:
                await _network.ProcessAsync(message);
                message.Response.Dispose();
                throw new IOException("Connection reset before the answer arrived.");
            case TransportFault.TimeoutAfter:
                await _network.ProcessAsync(message);
                message.Response.Dispose();
                throw new TaskCanceledException("No answer in time.");
            case TransportFault.Unavailable:
                await AnswerAsync(message, HttpStatusCode.ServiceUnavailable, "ServerBusy");
                return;
            case TransportFault.Throttled:
                await AnswerAsync(message, HttpStatusCode.TooManyRequests, "TooManyRequests");
                return;
            case TransportFault.Conflict when message.Request.Headers.Contains("If-Match") || message.Request.Headers.Contains("x-ms-blob-condition-appendpos"):
                await AnswerAsync(message, HttpStatusCode.PreconditionFailed, "ConditionNotMet");
                return;
            case TransportFault.Conflict when message.Request.Headers.Contains("If-None-Match"):
                await AnswerAsync(message, HttpStatusCode.Conflict, "BlobAlreadyExists");
                return;
            case TransportFault.Conflict when message.Request.Method == RequestMethod.Post:
                await AnswerAsync(message, HttpStatusCode.Conflict, "EntityAlreadyExists");
                return;
            default:
                await _network.ProcessAsync(message);
                return;
        }
    }

    private static async Task AnswerAsync(HttpMessage message, HttpStatusCode status, string error)
    {
        using var answer = new HttpClientTransport(new HttpClient(new OneAnswer(status, error)));
        await answer.ProcessAsync(message);
    }

    private TransportFault? Next()
    {
        lock (_random)
        {
            if (_random.NextDouble() >= Volatile.Read(ref _share))
            {
                return null;
            }

            Faults++;
            return faults[_random.Next(faults.Length)];
        }
    }

    private sealed class OneAnswer(HttpStatusCode status, string error) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(FakeStorage.Empty(status, error: error));
    }
}
