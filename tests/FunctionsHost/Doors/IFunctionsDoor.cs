using ServerlessRec.FunctionsHost.Host;

namespace ServerlessRec.FunctionsHost.Doors;

/// <summary>A process under a Functions host, which also hands over batches and timers, and starts it again when it has gone.</summary>
internal interface IFunctionsDoor : IDoor
{
    /// <summary>Hands a batch over once. True: the function succeeded, and the host moves its checkpoint on.</summary>
    Task<bool> DeliverOnceAsync(HubEvents batch, int retryCount, CancellationToken cancellationToken);

    /// <summary>Runs a timer's function; true when it succeeded.</summary>
    Task<bool> RunTimerAsync(string function, CancellationToken cancellationToken);

    /// <summary>Ends the process without a word.</summary>
    Task KillAsync();

    /// <summary>Ends the process as the host does when it stops.</summary>
    Task StopAsync();

    /// <summary>Starts the process again over the same store.</summary>
    Task StartAsync();
}

/// <summary>What a host does around one delivery.</summary>
internal static class Delivery
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Hands a batch over until it succeeds, as the retry policy of the function says.</summary>
    public static async Task<int> DeliverAsync(this IFunctionsDoor door, HubEvents batch, CancellationToken cancellationToken)
    {
        for (var retry = 0; ; retry++)
        {
            if (await door.DeliverOnceAsync(batch, retry, cancellationToken))
            {
                return retry;
            }

            await Task.Delay(RetryDelay, cancellationToken);
        }
    }
}
