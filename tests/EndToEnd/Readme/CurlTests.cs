using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Readme;

/// <summary>The curl lines of README.md are run as they stand, in their order.</summary>
public sealed class CurlTests(TrainedStore store)
{
    private const string Address = "http://localhost:7071";

    [Fact]
    public async Task Every_curl_line_of_the_readme_is_answered()
    {
        Assert.SkipUnless(Tools.Exist("curl") && Tools.Exist("sh"), "curl and sh are not installed.");
        var commands = Commands(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), TestContext.Current.CancellationToken));
        Assert.True(commands.Count >= 15, $"Only {commands.Count} curl lines were found.");

        // On a store of their own: they change items, users and releases.
        var folder = Directory.CreateTempSubdirectory("serverlessrec-readme-").FullName;
        await ChildProcess.RunAsync("cp", ["-r", Path.Combine(store.Folder, "blobs"), Path.Combine(store.Folder, "users.db"), folder]);
        await using var server = ChildProcess.Start("dotnet", [Repository.Standalone, "--store", folder, "--port", "0"]);
        var address = await server.WaitForAsync("Listening on ");
        using (var client = new HttpClient { BaseAddress = new Uri(address) })
        {
            await Waiting.UntilReadyAsync(client);
        }

        foreach (var command in commands)
        {
            var answer = await ChildProcess.RunAsync("sh", ["-c", command.Replace("curl ", "curl -sf ", StringComparison.Ordinal).Replace(Address, address, StringComparison.Ordinal)]);
            Assert.False(string.IsNullOrWhiteSpace(answer), $"Nothing was answered to: {command}");
        }

        await server.TerminateAsync();
        await server.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static List<string> Commands(string readme) =>
        [.. readme.Split('\n').Where(line => line.StartsWith("curl ", StringComparison.Ordinal))];
}
