using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessRec.Api.Contract;
using ServerlessRec.Api.Keys;
using ServerlessRec.Api.Rates;
using ServerlessRec.Api.Rebuild;
using ServerlessRec.Api.Releases;
using ServerlessRec.Api.Telemetry;
using ServerlessRec.Api.Users;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Catalogue.Log;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Rebuilding;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Serving;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Hosting;

/// <summary>The application's parts for any door, in its container.</summary>
public static class ApiServices
{
    /// <summary>Adds the parts over these stores: <see cref="ApiParts"/>, <see cref="ApiDoor"/>, <see cref="FeedbackProcessor"/>, <see cref="Rebuilder"/> and what they work with.</summary>
    public static IServiceCollection AddRecommender(this IServiceCollection services, Stores stores, ApiKeys keys, ApiLimits limits, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(stores);
        services.AddSingleton(clock);
        services.AddSingleton(limits);
        services.AddSingleton(provider => new ReleaseHolder(
            stores.Blobs, clock, provider.GetRequiredService<ILoggerFactory>().CreateLogger<ReleaseHolder>(), stores.HeadStart));
        services.AddSingleton(new DeadLetters(stores.Blobs));
        services.AddSingleton(new Rebuilder(stores.Blobs, new RebuildOptions(), clock));
        services.AddSingleton(provider => new ScheduledRebuild(
            provider.GetRequiredService<Rebuilder>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger<ScheduledRebuild>()));
        services.AddSingleton<RebuildOnDemand>();
        services.AddSingleton<RateGate>();
        services.AddSingleton(provider => new ApiMeter(provider.GetRequiredService<ReleaseHolder>(), clock));
        services.AddSingleton(_ => new CatalogueLog(stores.Blobs));
        services.AddSingleton(provider => new FeedbackProcessor(
            new RecentUsers(stores.Users),
            ReleaseInference.By(provider.GetRequiredService<ReleaseHolder>()),
            FeedbackFiles.Over(stores.Blobs, provider.GetRequiredService<DeadLetters>(), clock),
            new FeedbackRetries(),
            clock,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger<FeedbackProcessor>()));
        services.AddSingleton(provider => new ApiParts(
            new RecommendationService(provider.GetRequiredService<ReleaseHolder>(), stores.Users, new ServingOptions(), clock),
            provider.GetRequiredService<ReleaseHolder>(),
            new ReleaseStore(stores.Blobs, clock),
            new ReleaseLoader(stores.Blobs),
            stores.Users,
            new CatalogueService(provider.GetRequiredService<CatalogueLog>(), provider.GetRequiredService<ReleaseHolder>()),
            stores.Feedback,
            provider.GetRequiredService<DeadLetters>(),
            provider.GetRequiredService<RebuildOnDemand>(),
            provider.GetRequiredService<ApiMeter>(),
            limits,
            clock)
        {
            Applied = new FeedbackBarrier(provider.GetService<IFeedbackConsumer>() is FeedbackConsumer here ? here.CaughtUpAsync : null, clock),
        });
        services.AddSingleton(provider => new ApiDoor(
            new KeyGate(keys),
            provider.GetRequiredService<RateGate>(),
            provider.GetRequiredService<ReleaseHolder>(),
            limits,
            provider.GetRequiredService<ApiMeter>(),
            clock,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger<ApiDoor>()));
        return services;
    }

    /// <summary>Has the release that current.json names loaded, and followed from then on, behind the start.</summary>
    public static IServiceCollection AddReleaseWatcher(this IServiceCollection services, TimeSpan interval) =>
        services.AddHostedService(provider => new ReleaseWatcher(
            provider.GetRequiredService<ReleaseHolder>(),
            provider.GetRequiredService<TimeProvider>(),
            interval,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger<ReleaseWatcher>()));

    /// <summary>Has this process apply the feedback that its log takes; a door that a Functions host hands batches to leaves it out.</summary>
    public static IServiceCollection AddFeedbackReading(this IServiceCollection services, Stores stores)
    {
        ArgumentNullException.ThrowIfNull(stores);
        services.AddSingleton(provider => stores.Consume(
            provider.GetRequiredService<FeedbackProcessor>(), provider.GetRequiredService<ILoggerFactory>()));
        return services.AddHostedService<FeedbackReading>();
    }
}
