using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ServerlessRec.Azurite;

/// <summary>Azurite from the npm registry as a child process: blobs and tables in memory, on free ports of this machine. It ends with its owner.</summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private AzuriteServer(Process process, string connectionString)
    {
        (_process, ConnectionString) = (process, connectionString);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Names blobs and tables of this server.</summary>
    public string ConnectionString { get; }

    /// <summary>Processor time it has taken.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Why it cannot be had here; null: it can.</summary>
    public static string? Missing =>
        OnPath("npm") && OnPath("node") ? null : "npm and node are not installed, from which Azurite comes: apt-get install nodejs npm.";

    /// <summary>Installs it where it is missing, starts it and waits until it answers.</summary>
    public static async Task<AzuriteServer> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Root(), "tests", "Azurite");
        await InstallAsync(folder, cancellationToken);
        var ports = FreePorts(3);
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "node_modules/azurite/dist/src/azurite.js", "--silent", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry",
                "--disableProductStyleUrl",
                "--blobPort", $"{ports[0]}", "--queuePort", $"{ports[1]}", "--tablePort", $"{ports[2]}",
                "--blobKeepAliveTimeout", "120", "--tableKeepAliveTimeout", "120",
            },
        };
        var server = new AzuriteServer(
            Process.Start(start)!,
            $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};"
            + $"BlobEndpoint=http://127.0.0.1:{ports[0]}/devstoreaccount1;TableEndpoint=http://127.0.0.1:{ports[2]}/devstoreaccount1;");
        await server.WaitForAsync([ports[0], ports[2]], cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    // Two test programs may come here at once; npm must not write one folder twice at a time.
    private static async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        var done = Path.Combine(folder, "node_modules", ".package-lock.json");
        var lockFile = Path.Combine(folder, "package-lock.json");
        Directory.CreateDirectory(Path.Combine(folder, "node_modules"));
        await using var held = await HoldAsync(Path.Combine(folder, "node_modules.lock"), cancellationToken);
        if (File.Exists(done) && File.GetLastWriteTimeUtc(done) >= File.GetLastWriteTimeUtc(lockFile))
        {
            return;
        }

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await Task.WhenAll(npm.StandardOutput.ReadToEndAsync(cancellationToken), npm.StandardError.ReadToEndAsync(cancellationToken));
        await npm.WaitForExitAsync(cancellationToken);
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm ci in {folder} ended with {npm.ExitCode}:\n{string.Join('\n', output)}");
        }

        File.SetLastWriteTimeUtc(done, DateTime.UtcNow);
    }

    private static async Task<FileStream> HoldAsync(string file, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }

    private static bool OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessRec.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("This program does not lie below the repository.");
    }

    private async Task WaitForAsync(int[] ports, CancellationToken cancellationToken)
    {
        foreach (var port in ports)
        {
            while (!await AnswersAsync(port, cancellationToken))
            {
                if (_process.HasExited)
                {
                    throw new InvalidOperationException($"Azurite ended with {_process.ExitCode}:\n{_output}");
                }

                await Task.Delay(50, cancellationToken);
            }
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }
}
