using ServerlessRec.Api.Keys;
using ServerlessRec.Standalone.Settings;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>Lets pages of named origins call the API from a browser; those of others are kept off by the browser.</summary>
internal static class Origins
{
    /// <summary>Headers of answers that a page may read.</summary>
    private static readonly string[] Exposed = ["X-Recommendation-Id", "X-Release", "X-Variant", "Server-Timing", "Retry-After"];

    /// <summary>Registers what the settings name.</summary>
    public static void Add(IServiceCollection services, StandaloneSettings settings)
    {
        if (settings.CorsOrigins.Count > 0)
        {
            services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
                .WithOrigins([.. settings.CorsOrigins])
                .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
                .WithHeaders("Content-Type", KeyGate.Header, "X-API-Version")
                .WithExposedHeaders(Exposed)
                .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        }
    }

    /// <summary>Answers preflights and marks answers, when the settings name an origin.</summary>
    public static void Use(WebApplication app, StandaloneSettings settings)
    {
        if (settings.CorsOrigins.Count > 0)
        {
            app.UseCors();
        }
    }
}
