using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ServerlessRec.Api.Contract;
using ServerlessRec.Api.Keys;
using ServerlessRec.Api.Telemetry;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>Meters for Prometheus at `/metrics`; meters and traces to an OTLP collector when the standard variable names one.</summary>
internal static class Telemetry
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // How many combinations of tags an instrument keeps apart; places are reserved at the start, where the default of 2,000 costs megabytes and a
    // collection. Requests come by route and status, everything else by a handful of names.
    private const int RequestSeries = 400;
    private const int OtherSeries = 50;

    /// <summary>Registers the exporters.</summary>
    public static void Add(IServiceCollection services)
    {
        var exports = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Collector));
        var telemetry = services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(ApiMeter.Name, FeedbackMeter.Name, "System.Runtime")
                .AddView(instrument => new MetricStreamConfiguration
                {
                    CardinalityLimit = instrument.Name == ApiMeter.RequestDuration ? RequestSeries : OtherSeries,
                })
                .AddPrometheusExporter();
            if (exports)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (exports)
        {
            telemetry.WithTracing(traces => traces.AddSource("Microsoft.AspNetCore").AddOtlpExporter());
        }
    }

    /// <summary>Maps `/metrics`, behind the read key.</summary>
    public static void Map(WebApplication app, ApiDoor door)
    {
        var scrape = ((IEndpointRouteBuilder)app).CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint("/metrics").Build();
        var route = new ApiRoute("Metrics", "GET", "/metrics", KeyScope.Read, "Meters, for Prometheus.", scrape) { Answer = "Any" };
        app.MapMethods("/metrics", ["GET"], context =>
        {
            // The scraper is a middleware, which passes a request on that routing has decided already.
            context.SetEndpoint(null);
            return door.InvokeAsync(context, route);
        });
    }
}
