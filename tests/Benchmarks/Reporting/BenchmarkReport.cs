using System.Diagnostics;
using System.Text.Json;

namespace ServerlessRec.Benchmarks.Reporting;

/// <summary>What a verb measured: settings, figures with names that stay, and rows behind them.</summary>
internal sealed class BenchmarkReport(string verb, DateTimeOffset when)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public Dictionary<string, object> Settings { get; } = [];

    public List<Figure> Figures { get; } = [];

    public List<Dictionary<string, object>> Rows { get; } = [];

    public void Add(string name, double value, string unit, string? against = null) => Figures.Add(new Figure(name, value, unit, against));

    /// <summary>Adds a ratio's median; its range stands in the row of the same name.</summary>
    public void Add(string name, Ratio ratio, string against)
    {
        Figures.Add(new Figure(name, ratio.Median, "ratio", against));
        Rows.Add(new() { ["ratio"] = name, ["median"] = ratio.Median, ["min"] = ratio.Min, ["max"] = ratio.Max });
    }

    public void WriteJson(string path)
    {
        var report = new { verb, when, commit = Commit(), machine = MachineInfo.Read(), settings = Settings, figures = Figures, rows = Rows };
        File.WriteAllText(path, JsonSerializer.Serialize(report, Json));
    }

    public void Print()
    {
        Console.WriteLine();
        var table = new ConsoleTable("figure", "value", "unit", "against");
        foreach (var figure in Figures)
            table.Add(figure.Name, ConsoleTable.Number(figure.Value), figure.Unit, figure.Against ?? "");
        table.Print();
    }

    private static string Commit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD") { RedirectStandardOutput = true, RedirectStandardError = true });
            var commit = git!.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? commit : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}

/// <summary>One named result.</summary>
internal sealed record Figure(string Name, double Value, string Unit, string? Against);
