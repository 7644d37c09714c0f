using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>A process whose start is timed. It is ended by its id.</summary>
internal sealed partial class ColdProcess : IAsyncDisposable
{
    private const int Patience = 20_000;

    private readonly long _asked = Stopwatch.GetTimestamp();
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    public ColdProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_asked);

    /// <summary>Throws with what the process wrote when it has ended, or takes too long.</summary>
    public void ThrowIfLost()
    {
        if (_process.HasExited || Elapsed.TotalMilliseconds > Patience)
        {
            throw new InvalidOperationException($"The process does not answer:\n{Said()}");
        }
    }

    /// <summary>What the log says of the release's load, in what the process wrote or in <paramref name="more"/>.</summary>
    public double ReleaseMilliseconds(string more = "") =>
        LoadedIn().Match(Said() + more) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : double.NaN;

    /// <summary>Reads an answer that must be a list of items.</summary>
    public static async Task<bool> IsListAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        answer.StatusCode == HttpStatusCode.OK && (await answer.Content.ReadAsStringAsync(cancellationToken)).StartsWith("[\"item-", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private string Said()
    {
        lock (_said)
        {
            return _said.ToString();
        }
    }

    private void Keep(string? line)
    {
        lock (_said)
        {
            _said.Append(line).Append('\n');
        }
    }

    [GeneratedRegex(@"loaded in (\d+) ms")]
    private static partial Regex LoadedIn();
}
