using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>
/// The framework's options services, written out for the options that a start reads. The container would make them from open generics, and
/// NativeAOT builds each such type at run time, by reflection: that was two thirds of the start.
/// </summary>
internal static class ClosedOptions
{
    /// <summary>Adds them; what configures the options stays as it is.</summary>
    public static void Add(IServiceCollection services)
    {
        Add<HostOptions>(services);
        Add<ConsoleLifetimeOptions>(services);
        Add<KestrelServerOptions>(services);
        Add<SocketTransportOptions>(services);
        Add<HostFilteringOptions>(services);
        Add<FormOptions>(services);
        Add<RouteOptions>(services);
        Add<RouteHandlerOptions>(services);
        Add<MetricsOptions>(services);
        Add<LoggerFactoryOptions>(services);
        Add<LoggerFilterOptions>(services);
        Add<ConsoleLoggerOptions>(services);
        Add<ConsoleFormatterOptions>(services);
        Add<SimpleConsoleFormatterOptions>(services);
        Add<JsonConsoleFormatterOptions>(services);
        Add<PrometheusAspNetCoreOptions>(services);
    }

    private static void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(IServiceCollection services)
        where T : class
    {
        services.AddSingleton<IOptionsFactory<T>>(provider => new OptionsFactory<T>(
            provider.GetServices<IConfigureOptions<T>>(), provider.GetServices<IPostConfigureOptions<T>>(), provider.GetServices<IValidateOptions<T>>()));
        services.AddSingleton<IOptions<T>>(provider => new OptionsManager<T>(provider.GetRequiredService<IOptionsFactory<T>>()));
        services.AddSingleton<IOptionsMonitor<T>>(provider => new OptionsMonitor<T>(
            provider.GetRequiredService<IOptionsFactory<T>>(), provider.GetServices<IOptionsChangeTokenSource<T>>(), new OptionsCache<T>()));
    }
}
