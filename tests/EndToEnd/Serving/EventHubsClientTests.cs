using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Serving;

/// <summary>The npm client of Event Hubs, unmodified, against the door of this server.</summary>
public sealed class EventHubsClientTests(TrainedStore store)
{
    private static readonly string Folder = NpmClient.Folder("eventhubs-client");

    [Fact]
    public async Task What_the_npm_client_sends_changes_that_users_recommendations()
    {
        await NpmClient.InstallAsync(Folder);

        Assert.Contains(
            "event-hubs clicks: ok",
            await ChildProcess.RunAsync("node", ["clicks.mjs", store.Address.ToString().TrimEnd('/'), store.EventHubs, "feedback"], Folder));
    }
}
