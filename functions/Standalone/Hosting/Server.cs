using ServerlessRec.Api;
using ServerlessRec.Api.Contract;
using ServerlessRec.Api.Feedback;
using ServerlessRec.Api.Hosting;
using ServerlessRec.Api.Rebuild;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Standalone.CustomHandler;
using ServerlessRec.Standalone.Settings;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>Puts the application together. It listens at once; the release is loaded behind it.</summary>
public static class Server
{
    /// <summary>The application over these stores, not yet started.</summary>
    public static WebApplication Build(StandaloneSettings settings, Stores stores, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(stores);

        // Nothing is watched for changed files: all settings are read once, and in a great folder the watching costs more than the whole start.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        Listening.Configure(builder, settings);
        Logs.Configure(builder.Logging, settings);
        builder.Services.AddRecommender(stores, settings.Keys, settings.Limits, clock)
            .AddReleaseWatcher(settings.ReleasePoll);
        if (!settings.IsCustomHandler || stores.Feedback is PartitionedFeedbackLog)
        {
            // Under a Functions host an event hub's feedback is handed over by the host.
            builder.Services.AddFeedbackReading(stores);
        }

        AddTimers(builder.Services, settings, clock);
        Telemetry.Add(builder.Services);
        Origins.Add(builder.Services, settings);
        ClosedOptions.Add(builder.Services);

        var app = builder.Build();
        Origins.Use(app, settings);
        var door = app.Services.GetRequiredService<ApiDoor>();
        Routing.Map(app, door, ApiRoutes.Over(app.Services.GetRequiredService<ApiParts>()));
        Telemetry.Map(app, door);
        if (settings.IsCustomHandler)
        {
            HandlerFunctions.Map(app);
        }

        return app;
    }

    private static void AddTimers(IServiceCollection services, StandaloneSettings settings, TimeProvider clock)
    {
        // Under a Functions host these are functions with timers.
        if (settings.IsCustomHandler)
        {
            return;
        }

        if (settings.ReplayInterval > TimeSpan.Zero)
        {
            services.AddHostedService(provider => new ReplayTimer(
                provider.GetRequiredService<FeedbackProcessor>(), clock, settings.ReplayInterval, provider.GetRequiredService<ILoggerFactory>().CreateLogger<ReplayTimer>()));
        }

        if (settings.RebuildInterval > TimeSpan.Zero)
        {
            services.AddHostedService(provider => new RebuildTimer(
                provider.GetRequiredService<ScheduledRebuild>(), clock, settings.RebuildInterval, provider.GetRequiredService<ILoggerFactory>().CreateLogger<RebuildTimer>()));
        }
    }
}
