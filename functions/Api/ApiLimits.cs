namespace ServerlessRec.Api;

/// <summary>What one request may cost.</summary>
public sealed record ApiLimits
{
    /// <summary>Bytes of a body at most; 1 KiB to 256 MiB.</summary>
    public long MaxBodyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Requests a second that one caller may make for long, 1 to 1,000,000; 0: any number.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>How long a read waits for the release while the process starts, before it is answered 503; 0 to 60 seconds.</summary>
    public TimeSpan ReleaseWait { get; init; } = TimeSpan.FromSeconds(10);
}
