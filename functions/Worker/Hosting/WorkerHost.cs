using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessRec.Api.Hosting;
using ServerlessRec.Api.Settings;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Worker.Http;

namespace ServerlessRec.Worker.Hosting;

/// <summary>Puts the worker together. It starts at once; the release is loaded behind it.</summary>
public static class WorkerHost
{
    /// <summary>The worker over these stores, not yet started.</summary>
    public static IHost Build(string[] arguments, EnvironmentSettings settings, Stores stores, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var builder = FunctionsApplication.CreateBuilder(arguments);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<ProblemMiddleware>();
        builder.Services.AddRecommender(stores, settings.Keys(), settings.Limits(), clock)
            .AddReleaseWatcher(settings.ReleasePoll())
            .AddSingleton<RouteTable>();
        if (stores.Feedback is PartitionedFeedbackLog)
        {
            // An event hub's feedback is handed over by the host; this machine's own log has nobody else.
            builder.Services.AddFeedbackReading(stores);
        }

        // The framework's request lines hold paths, and so user ids; they would go through the host into its log store.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        WorkerTelemetry.Add(builder.Services, builder.Logging, Environment.GetEnvironmentVariable);
        RemoveKeyRing(builder.Services);
        return builder.Build();
    }

    // The web application brings key management for cookies, which nothing here uses: it writes keys into the home folder and costs the start 80 ms.
    private static void RemoveKeyRing(IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
        {
            services.Remove(service);
        }
    }
}
