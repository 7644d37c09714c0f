using System.CommandLine;
using ServerlessRec.Api;
using ServerlessRec.Api.Contract;
using ServerlessRec.Api.Hosting;
using ServerlessRec.Api.Keys;
using ServerlessRec.Azure.Settings;

namespace ServerlessRec.Standalone.CustomHandler;

/// <summary>`handler-files --out DIR`: what a Functions host needs beside the executable.</summary>
internal static class HandlerFilesCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--out") { Description = "Folder for host.json and the functions.", Required = true };
        var command = new Command("handler-files", "Writes host.json and function.json files for a Functions custom handler.") { folder };
        command.SetAction(arguments => WriteAsync(arguments.GetValue(folder)!));
        return command;
    }

    private static async Task WriteAsync(string folder)
    {
        // The table comes with its handlers, and those want stores: empty ones will do.
        var empty = Directory.CreateTempSubdirectory("serverlessrec-routes-").FullName;
        var settings = new StoreSettings { Address = StoreAddress.Parse(empty) };
        await using (var opened = await OpenStores.OpenAsync(settings, TimeProvider.System, CancellationToken.None))
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddRecommender(opened.Stores, ApiKeys.None, new ApiLimits(), TimeProvider.System);
            using var host = builder.Build();
            HandlerFiles.Write(folder, ApiRoutes.Over(host.Services.GetRequiredService<ApiParts>()));
        }

        Directory.Delete(empty, recursive: true);
    }
}
