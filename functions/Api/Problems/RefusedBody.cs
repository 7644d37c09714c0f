using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace ServerlessRec.Api.Problems;

/// <summary>
/// What is left of a body that was refused for its size. A client that is still sending when the connection closes gets a reset
/// in place of the answer; so the rest is read for a while and thrown away.
/// </summary>
public static class RefusedBody
{
    /// <summary>Bytes that are read at most.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    internal static async Task DiscardAsync(HttpContext context)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(MaxTime);
        var body = context.Request.BodyReader;
        try
        {
            for (long discarded = 0; discarded < MaxBytes;)
            {
                var read = await body.ReadAsync(patience.Token);
                discarded += read.Buffer.Length;
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or BadHttpRequestException or ConnectionResetException or IOException)
        {
            // The answer is out; how the rest of this connection ends changes nothing.
        }
    }
}
