using ServerlessRec.Api.Contract;
using ServerlessRec.Api.Page;
using ServerlessRec.Api.Problems;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>Listens to the contract's routes and to the page's files; whatever else comes is a problem, never an empty answer.</summary>
internal static class Routing
{
    /// <summary>Maps everything.</summary>
    public static void Map(WebApplication app, ApiDoor door, IReadOnlyList<ApiRoute> routes)
    {
        app.Use(AnswerUnrouted);
        foreach (var route in routes)
        {
            app.MapMethods(ApiPaths.Prefix + route.Path, Methods(route.Method), context => door.InvokeAsync(context, route));
        }

        foreach (var name in PageFiles.Names)
        {
            app.MapMethods("/" + name, Methods("GET"), context => PageFiles.WriteAsync(context, name));
        }
    }

    // A HEAD is answered as the GET would be; Kestrel leaves the body out.
    private static string[] Methods(string method) => method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [method];

    // Routing answers an unknown path, and a wrong method, with a bare status.
    private static async Task AnswerUnrouted(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response.HasStarted || context.Response.ContentLength is not null)
        {
            return;
        }

        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status404NotFound:
                await ProblemAnswer.WriteAsync(context, RequestException.NotFound("path", "There is nothing at this path; /api/openapi.json lists what there is."));
                break;
            case StatusCodes.Status405MethodNotAllowed:
                await ProblemAnswer.WriteAsync(
                    context,
                    new RequestException(StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} is not served here; {context.Response.Headers.Allow} is."));
                break;
        }
    }
}
