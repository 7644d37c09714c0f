using System.Diagnostics;
using System.Text;

namespace ServerlessRec.EndToEnd.Fixtures;

/// <summary>A process of this test, with what it wrote. It is ended with the test, by its id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _lock = new();

    private ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_lock)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    public static ChildProcess Start(string file, string[] arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Runs to the end and answers what was written; anything but exit code 0 fails.</summary>
    public static async Task<string> RunAsync(string file, string[] arguments, string? folder = null)
    {
        await using var child = Start(file, arguments, folder);
        var code = await child.WaitForExitAsync();
        Assert.True(code == 0, $"{file} {string.Join(' ', arguments)} ended with {code}:\n{child.Output}");
        return child.Output;
    }

    /// <summary>The first thing behind <paramref name="marker"/> in the output, up to white space or a comma.</summary>
    public async Task<string> WaitForAsync(string marker)
    {
        string? found = null;
        await Waiting.UntilAsync($"the process says '{marker}'", () =>
        {
            var ended = _process.HasExited;
            var output = Output;
            var at = output.IndexOf(marker, StringComparison.Ordinal);
            var end = at < 0 ? -1 : output.IndexOfAny([' ', ',', '\n'], at + marker.Length);
            found = end > 0 ? output[(at + marker.Length)..end] : null;
            Assert.False(found is null && ended, $"The process ended before it said '{marker}':\n{output}");
            return found is not null;
        });
        return found!;
    }

    public async Task<int> WaitForExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Waiting.Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The process did not end within {Waiting.Patience}:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>SIGTERM.</summary>
    public async Task TerminateAsync() => await RunAsync("kill", ["-TERM", $"{_process.Id}"]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(Waiting.Patience);
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_lock)
        {
            _output.Append(line).Append('\n');
        }
    }
}
