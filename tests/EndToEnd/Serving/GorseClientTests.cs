using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Serving;

/// <summary>The published npm client of Gorse, unmodified, against this server.</summary>
public sealed class GorseClientTests(TrainedStore store)
{
    private static readonly string Folder = NpmClient.Folder("gorse-client");

    [Fact]
    public async Task Every_read_of_the_gorse_client_works_unmodified()
    {
        await NpmClient.InstallAsync(Folder);

        Assert.Contains("gorsejs reads: ok", await ChildProcess.RunAsync("node", ["reads.mjs", store.Address.ToString().TrimEnd('/')], Folder));
    }

    [Fact]
    public async Task Every_write_of_the_gorse_client_works_unmodified()
    {
        await NpmClient.InstallAsync(Folder);

        Assert.Contains("gorsejs writes: ok", await ChildProcess.RunAsync("node", ["writes.mjs", store.Address.ToString().TrimEnd('/')], Folder));
    }
}
