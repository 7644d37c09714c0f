using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ServerlessRec.Api.Telemetry;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Worker.Hosting;

/// <summary>
/// Meters, traces and logs to Application Insights when its connection string is set, to an OTLP collector when the standard variable names one.
/// Without either nothing is set up, which costs the start nothing.
/// </summary>
internal static class WorkerTelemetry
{
    private const string Insights = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string InsightsSignIn = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ClientId = "ClientId=";

    /// <summary>Adds the exporters that the environment names.</summary>
    public static void Add(IServiceCollection services, ILoggingBuilder logging, Func<string, string?> environment)
    {
        var insights = environment(Insights);
        var toCollector = !string.IsNullOrEmpty(environment(Collector));
        if (string.IsNullOrEmpty(insights) && !toCollector)
        {
            return;
        }

        var signIn = SignIn(environment(InsightsSignIn));
        logging.AddOpenTelemetry(logs => Export(logs, insights, signIn, toCollector));
        services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(ApiMeter.Name, FeedbackMeter.Name, "System.Runtime");
                if (!string.IsNullOrEmpty(insights))
                {
                    metrics.AddAzureMonitorMetricExporter(options => Configure(options, insights, signIn));
                }

                if (toCollector)
                {
                    metrics.AddOtlpExporter();
                }
            })
            .WithTracing(traces =>
            {
                if (!string.IsNullOrEmpty(insights))
                {
                    traces.AddAzureMonitorTraceExporter(options => Configure(options, insights, signIn));
                }

                if (toCollector)
                {
                    traces.AddOtlpExporter();
                }
            });
    }

    private static void Export(OpenTelemetryLoggerOptions logs, string? insights, TokenCredential? signIn, bool toCollector)
    {
        if (!string.IsNullOrEmpty(insights))
        {
            logs.AddAzureMonitorLogExporter(options => Configure(options, insights, signIn));
        }

        if (toCollector)
        {
            logs.AddOtlpExporter();
        }
    }

    private static void Configure(AzureMonitorExporterOptions options, string connection, TokenCredential? signIn)
    {
        options.ConnectionString = connection;
        options.Credential = signIn;

        // One trace in twenty tells how long things take; meters count everything.
        options.SamplingRatio = 0.05f;
    }

    // `ClientId=…;Authorization=AAD`, as the host reads it too.
    private static ManagedIdentityCredential? SignIn(string? text)
    {
        var clientId = text?.Split(';').FirstOrDefault(part => part.StartsWith(ClientId, StringComparison.OrdinalIgnoreCase))?[ClientId.Length..];
        return clientId is null ? null : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
    }
}
