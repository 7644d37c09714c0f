using Azure.Core;

namespace ServerlessRec.Azure.Clients;

/// <summary>How long a client waits and how often it tries again; docs/operations/azure.md states the same numbers.</summary>
/// <param name="Retries">Further tries after the first.</param>
/// <param name="FirstDelay">Wait before the second try; it doubles, with jitter.</param>
/// <param name="MaxDelay">Wait at most, unless the service names a longer one.</param>
/// <param name="NetworkTimeout">How long one try may be silent.</param>
internal sealed record ClientLimits(int Retries, TimeSpan FirstDelay, TimeSpan MaxDelay, TimeSpan NetworkTimeout)
{
    /// <summary>Blobs: large bodies, and work in the background that can wait.</summary>
    public static ClientLimits Blobs { get; } =
        new(5, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20));

    /// <summary>Tables: a row of a few kilobytes on the path of a request, which must fail while its caller still waits.</summary>
    public static ClientLimits Tables { get; } =
        new(3, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));

    /// <summary>Sets a client's options and returns them.</summary>
    public TOptions ApplyTo<TOptions>(TOptions options)
        where TOptions : ClientOptions
    {
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = Retries;
        options.Retry.Delay = FirstDelay;
        options.Retry.MaxDelay = MaxDelay;
        options.Retry.NetworkTimeout = NetworkTimeout;
        options.Diagnostics.IsLoggingEnabled = false; // Its lines hold addresses, and so user ids.
        return options;
    }
}
