namespace ServerlessRec.EndToEnd.Fixtures;

/// <summary>Clients that npm publishes, each in a folder of its own with the versions locked.</summary>
internal static class NpmClient
{
    public static string Folder(string name) => Path.Combine(Repository.Root, "tests", "EndToEnd", name);

    /// <summary>Installs what the folder's lock file says; the test is skipped where there is no Node.</summary>
    public static async Task InstallAsync(string folder)
    {
        Assert.SkipUnless(Tools.Exist("npm") && Tools.Exist("node"), "npm and node are not installed.");
        await ChildProcess.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
    }
}
