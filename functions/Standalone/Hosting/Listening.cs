using Microsoft.AspNetCore.Server.Kestrel.Core;
using ServerlessRec.Api.Problems;
using ServerlessRec.Standalone.Settings;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>Sets Kestrel up: addresses, and what one connection may cost.</summary>
internal static class Listening
{
    /// <summary>Applies the settings.</summary>
    public static void Configure(WebApplicationBuilder builder, StandaloneSettings settings)
    {
        builder.WebHost.UseUrls([.. settings.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // The limit itself is checked, and answered to, where bodies are read.
            kestrel.Limits.MaxRequestBodySize = settings.Limits.MaxBodyBytes + RefusedBody.MaxBytes;
            kestrel.Limits.MaxRequestLineSize = 16 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.StopTimeout);
    }
}
