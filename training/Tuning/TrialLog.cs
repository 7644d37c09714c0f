using System.Text.Json;
using ServerlessRec.Training.Learning;

namespace ServerlessRec.Training.Tuning;

/// <summary>
/// A search's folder: `trials.jsonl`, a line a finished trial, by which a search goes on that was ended or killed, and `train.json`, the best
/// options so far.
/// </summary>
internal sealed class TrialLog
{
    private readonly string _file;
    private readonly string _best;
    private readonly List<Trial> _trials = [];

    /// <summary>Opens a folder, or makes it.</summary>
    /// <exception cref="InvalidDataException">A line is no trial, or the search began on other data or options.</exception>
    public TrialLog(string folder, string about, TrainingOptions given)
    {
        Directory.CreateDirectory(folder);
        (_file, _best) = (Path.Combine(folder, "trials.jsonl"), Path.Combine(folder, "train.json"));
        var head = JsonSerializer.Serialize(new Head(about, given), TrainingFile.Strict);
        if (!File.Exists(_file))
        {
            File.WriteAllText(_file, head + "\n");
            return;
        }

        // A line that a kill cut off is written over.
        var text = File.ReadAllText(_file);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0] != head)
        {
            throw new InvalidDataException($"{_file}:1: this search began on other data or with other options; take another folder for --out.");
        }

        for (var line = 1; line < lines.Length; line++)
        {
            _trials.Add(Read(lines[line], line + 1));
        }

        File.WriteAllText(_file, string.Concat(lines.Select(line => line + "\n")));
    }

    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>The best; of equal ones the first. Null: none is finished.</summary>
    public Trial? Best => _trials.MaxBy(trial => trial.Metric);

    public void Add(Trial trial)
    {
        _trials.Add(trial);
        File.AppendAllText(_file, JsonSerializer.Serialize(trial, TrainingFile.Strict) + "\n");
        if (ReferenceEquals(Best, trial))
        {
            TrainingFile.Write(_best, trial.Options);
        }
    }

    private Trial Read(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Trial>(line, TrainingFile.Strict)!;
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{_file}:{number}: this is no trial of a search.", fault);
        }
    }

    /// <summary>The first line.</summary>
    private sealed record Head(string About, TrainingOptions Given);
}
