using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessRec.FunctionsHost.Host;

/// <summary>Small servers of the fake hosts, on free ports of this machine.</summary>
internal static class LoopbackServer
{
    public static async Task<WebApplication> StartAsync(HttpProtocols protocols, Action<IServiceCollection> services, Action<WebApplication> map, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        services(builder.Services);
        var app = builder.Build();
        app.Use(SayWhyAsync);
        app.UseRouting();
        map(app);
        await app.StartAsync(cancellationToken);
        return app;
    }

    // A fake host that fails must be seen to, in the answer that the test compares.
    private static async Task SayWhyAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await context.Response.WriteAsync(exception.ToString());
        }
    }

    public static Uri Address(this WebApplication app) => new(app.Urls.Single());
}
