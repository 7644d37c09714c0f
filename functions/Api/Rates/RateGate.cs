using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using ServerlessRec.Api.Keys;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Api.Rates;

/// <summary>
/// Holds each caller to <see cref="ApiLimits.RequestsPerSecond"/>, with a burst of two seconds: by key, or by address where there are no keys.
/// Any thread.
/// </summary>
public sealed class RateGate : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<HttpContext>? _limiter;
    private readonly int _rate;

    /// <summary>A gate; without a limit it lets everybody pass.</summary>
    public RateGate(ApiLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _rate = limits.RequestsPerSecond;
        _limiter = _rate == 0 ? null : PartitionedRateLimiter.Create<HttpContext, string>(
            context => RateLimitPartition.GetTokenBucketLimiter(CallerOf(context), _ => Bucket(_rate)), StringComparer.Ordinal);
    }

    /// <summary>Returns when the caller may be answered.</summary>
    /// <exception cref="RequestException">429: too many requests.</exception>
    public void Check(HttpContext context, KeyScope needed)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_limiter is null || needed == KeyScope.None)
        {
            return;
        }

        using var lease = _limiter.AttemptAcquire(context);
        if (!lease.IsAcquired)
        {
            throw new RequestException(StatusCodes.Status429TooManyRequests, $"More than {_rate} requests a second came from this caller. Nothing was done; send it again later.")
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Retry,
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter?.Dispose();

    private static string CallerOf(HttpContext context) =>
        context.Request.Headers[KeyGate.Header] is [{ Length: > 0 } key] ? key : context.Connection.RemoteIpAddress?.ToString() ?? "";

    private static TokenBucketRateLimiterOptions Bucket(int rate) => new()
    {
        TokenLimit = 2 * rate,
        TokensPerPeriod = Math.Max(1, rate / 10),
        ReplenishmentPeriod = rate < 10 ? TimeSpan.FromSeconds(1.0 / rate) : Period,
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
