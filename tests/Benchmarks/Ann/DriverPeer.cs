using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>A C++ peer in a process of its own, compiled here with the optimisations its authors recommend. See drivers/driver.hpp.</summary>
internal sealed class DriverPeer : IAnnPeer
{
    private readonly AnnSettings _settings;
    private readonly AnnCase _case;
    private readonly string _folder;
    private readonly string _program;
    private Process? _process;

    private DriverPeer(string name, string program, string folder, AnnSettings settings, AnnCase data) =>
        (Name, _program, _folder, _settings, _case) = (name, program, folder, settings, data);

    public string Name { get; }

    /// <summary>Compiles the driver; null with the reason when it cannot be.</summary>
    public static DriverPeer? TryCreate(string name, string libraries, string folder, AnnSettings settings, AnnCase data, out string problem)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "drivers", name + ".cpp");
        var program = Path.Combine(folder, name);
        try
        {
            var compiler = new ProcessStartInfo("g++", $"-O3 -march=native -std=c++17 -fopenmp \"{source}\" -o \"{program}\" {libraries}") { RedirectStandardError = true };
            using var compile = Process.Start(compiler)!;
            problem = compile.StandardError.ReadToEnd();
            compile.WaitForExit();
            return compile.ExitCode == 0 ? new DriverPeer(name, program, folder, settings, data) : null;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            problem = failure.Message;
            return null;
        }
    }

    public double Build()
    {
        var (vectors, queries) = (Path.Combine(_folder, "base.f32"), Path.Combine(_folder, "queries.f32"));
        Write(vectors, _case.Vectors);
        Write(queries, _case.Queries);
        var arguments = string.Create(
            CultureInfo.InvariantCulture,
            $"\"{vectors}\" {_case.Count} {_case.Dimensions} \"{queries}\" {_case.QueryCount} {_settings.M} {_settings.EfConstruction} {_settings.BuildThreads} {(_settings.ProcessorTime ? "cpu" : "wall")}");
        _process = Process.Start(new ProcessStartInfo(_program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return Answer("built");
    }

    public double Search(int ef, int k, int threads, int[] ids)
    {
        var output = Path.Combine(_folder, Name + ".ids");
        _process!.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"search {ef} {k} {threads} {output}"));
        var seconds = Answer("searched");
        File.ReadAllBytes(output).CopyTo(MemoryMarshal.AsBytes(ids.AsSpan()));
        return seconds;
    }

    public long Save(string path)
    {
        _process!.StandardInput.WriteLine($"save {path}");
        Answer("saved");
        return new FileInfo(path).Length;
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Write(string path, float[] values)
    {
        using var file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private double Answer(string verb)
    {
        var line = _process!.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The driver of {Name} ended early.");
        var words = line.Split(' ');
        return words[0] == verb ? double.Parse(words[1], CultureInfo.InvariantCulture) : throw new InvalidOperationException($"The driver of {Name} said: {line}");
    }
}
