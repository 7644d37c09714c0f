using System.CommandLine;
using ServerlessRec.Api.Hosting;
using ServerlessRec.Api.Settings;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Feedback;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Standalone.CustomHandler;
using ServerlessRec.Standalone.Hosting;
using ServerlessRec.Standalone.Settings;

NativeAllocator.LimitArenas();
var store = new Option<string?>("--store") { Description = "Where releases and users are: a folder, https://ACCOUNT.blob.core.windows.net or a connection string (SERVERLESSREC_STORE)." };
var eventHubs = new Option<string?>("--eventhubs") { Description = "Event Hubs namespace that feedback goes through: host name or connection string (SERVERLESSREC_EVENTHUBS)." };
var feedbackFolder = new Option<string?>("--feedback-folder") { Description = "Folder of this machine's feedback log (SERVERLESSREC_FEEDBACK_FOLDER; in the store's folder)." };
var eventHubsPort = new Option<int?>("--eventhubs-port") { Description = "Port on 127.0.0.1 at which Event Hubs clients reach this machine's feedback log; 0 takes a free one (SERVERLESSREC_EVENTHUBS_PORT)." };
var port = new Option<int?>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one (SERVERLESSREC_PORT; 7071)." };
var urls = new Option<string?>("--urls") { Description = "Addresses to listen on, with ';' between them (ASPNETCORE_URLS)." };
var jsonLogs = new Option<bool>("--json-logs") { Description = "Log one JSON object a line (SERVERLESSREC_JSON_LOGS)." };

var command = new RootCommand("Serves recommendations over HTTP from a store.") { store, eventHubs, feedbackFolder, eventHubsPort, port, urls, jsonLogs, HandlerFilesCommand.Create(), HealthCommand.Create() };
command.SetAction(async (arguments, cancellationToken) =>
{
    try
    {
        var settings = SettingsReader.Read(
            arguments.GetValue(store),
            arguments.GetValue(eventHubs),
            arguments.GetValue(feedbackFolder),
            arguments.GetValue(eventHubsPort),
            arguments.GetValue(port),
            arguments.GetValue(urls),
            arguments.GetValue(jsonLogs),
            Environment.GetEnvironmentVariable);
        await using var opened = await OpenStores.OpenAsync(settings.Stores, TimeProvider.System, cancellationToken);
        await using var app = Server.Build(settings, opened.Stores, TimeProvider.System);
        await using var door = EventHubsListening.Open(settings, opened, app, TimeProvider.System);
        await Lifetime.UntilStoppedAsync(app, settings, cancellationToken);
        return 0;
    }
    catch (Exception exception) when (exception is SettingsException or FormatException)
    {
        Console.Error.WriteLine(exception.Message);
        return 2;
    }
    catch (Exception exception) when (exception is IOException or BlobStoreException or UserStoreException or FeedbackLogException)
    {
        // An address in use, a folder that cannot be written: the message names it.
        Console.Error.WriteLine(exception.Message);
        return 1;
    }
});
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
