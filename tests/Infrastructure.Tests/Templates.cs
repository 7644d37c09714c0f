using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using ServerlessRec.Architecture.Tests;

namespace ServerlessRec.Infrastructure.Tests;

/// <summary>A copy of the templates that a test may change, and what the Bicep CLI makes of it. Works without a network.</summary>
internal sealed class Templates : IDisposable
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";
    private const string Tenant = "00000000-0000-0000-0000-000000000002";

    private static readonly string Bicep =
        typeof(Templates).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "BicepPath").Value!.Replace('\\', '/');

    private readonly string _folder = Directory.CreateTempSubdirectory("serverlessrec-bicep-").FullName;

    public Templates()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The package holds the Bicep CLI for Linux.");
        var source = Path.Combine(RepositoryRoot.Find(), "infra-bicep");
        foreach (var file in Directory.EnumerateFiles(source, "*.bicep*", SearchOption.AllDirectories).Append(Path.Combine(source, "bicepconfig.json")))
        {
            var target = Path.Combine(_folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Changes one text in one file.</summary>
    public void Replace(string file, string old, string changed)
    {
        var path = Path.Combine(_folder, file);
        var text = File.ReadAllText(path);
        Assert.True(text.Contains(old, StringComparison.Ordinal), $"{file} does not hold '{old}': the mutation changes nothing.");
        File.WriteAllText(path, text.Replace(old, changed, StringComparison.Ordinal));
    }

    /// <summary>What the linter and the type checker say; type errors are only warnings to the CLI.</summary>
    public async Task<IReadOnlyList<string>> LintAsync()
    {
        var (_, output) = await RunAsync("lint", "main.bicep", "--diagnostics-format", "sarif");
        using var sarif = JsonDocument.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..(output.LastIndexOf('}') + 1)]);
        return [.. sarif.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray().Select(result => result.GetProperty("message").GetProperty("text").GetString()!)];
    }

    /// <summary>Compiles every file.</summary>
    public async Task BuildAsync()
    {
        var (code, output) = await RunAsync("build", "main.bicep", "--stdout");
        Assert.True(code == 0, output);
    }

    /// <summary>All resources that a deployment would make.</summary>
    public async Task<Snapshot> SnapshotAsync()
    {
        var (code, output) = await RunAsync("snapshot", "main.bicepparam", "--subscription-id", Subscription, "--tenant-id", Tenant, "--location", "westeurope");
        Assert.True(code == 0, output);
        return new Snapshot(await File.ReadAllTextAsync(Path.Combine(_folder, "main.snapshot.json"), TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Bicep, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        start.Environment["AZURE_ENV_NAME"] = "test";
        start.Environment["AZURE_LOCATION"] = "westeurope";
        start.Environment["AZURE_PRINCIPAL_ID"] = "00000000-0000-0000-0000-000000000003";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
