using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Tests.Learning;

public sealed class TrainingFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void What_is_named_counts_and_the_rest_keeps_its_default()
    {
        var options = Read("""
            {
              // comments are allowed
              "userTower": "sequence", "loss": "binaryCrossEntropy", "timeToChoose": "00:05:00",
              "historyLength": 100, "priorShifts": [0, 0.1, -0.2, 0], "shape": { "dimensions": 128 },
            }
            """);
        Assert.Equal((UserTowerKind.Sequence, TrainingLoss.BinaryCrossEntropy, TimeSpan.FromMinutes(5)), (options.UserTower, options.Loss, options.TimeToChoose));
        Assert.Equal((100, 128, 4), (options.HistoryLength, options.Shape.Dimensions, options.Shape.Means));
        Assert.Equal([0, 0.1f, -0.2f, 0], options.PriorShifts!);
        Assert.Equal(new TrainingOptions().Epochs, options.Epochs);
    }

    [Theory]
    [InlineData("{\n \"epoch\": 3 }", ":2: epoch: there is no such option")]
    [InlineData("{\n \"shape\": {\n \"userTower\": \"pooled\" } }", ":3: shape.userTower: there is no such option")]
    [InlineData("{ \"epochs\": \"three\" }", ":1: epochs: the value has the wrong type")]
    [InlineData("{ \"loss\": \"hinge\" }", ":1: loss: the value has the wrong type")]
    [InlineData("{ \"loss\": 1 }", ":1: loss: the value has the wrong type")]
    [InlineData("{\n\n \"epochs\": 3", ":3: ")]
    [InlineData("null", ":1: 'null'")]
    [InlineData("", ":1: ")]
    [InlineData("{ \"epochs\": 3, \"epochs\": 4 }", ":1: ")]
    public void A_mistake_is_refused_with_its_line(string text, string expected)
    {
        var refused = Assert.Throws<InvalidDataException>(() => Read(text));
        Assert.Contains(_file + expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_lists_every_option_with_its_default_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs/formats/train-json.md"));
        var listed = Regex.Matches(page, @"^\| `([a-zA-Z.]+)` \| (.+?) \|", RegexOptions.Multiline).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        var options = Options("", new TrainingOptions(), "shape").Concat(Options("shape.", new TowerShape(), "userTower", "historyLength")).ToDictionary();
        Assert.Equal(options.Keys.Order(), listed.Keys.Order());
        foreach (var (name, value) in options.Where(option => listed[option.Key].StartsWith('`') || char.IsDigit(listed[option.Key][0])))
        {
            Assert.Equal(value, listed[name].Trim('`'));
        }
    }

    [Fact]
    public void The_pages_example_can_be_read()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs/formats/train-json.md"));
        var options = Read(Regex.Match(page, "```json\n(.+?)```", RegexOptions.Singleline).Groups[1].Value);
        options.Validate();
        Assert.Equal(100, options.HistoryLength);
    }

    public void Dispose() => File.Delete(_file);

    private TrainingOptions Read(string text)
    {
        File.WriteAllText(_file, text);
        return TrainingFile.Read(_file);
    }

    private static IEnumerable<KeyValuePair<string, string>> Options(string prefix, object options, params string[] without) => options.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite)
        .Select(property => (Name: JsonNamingPolicy.CamelCase.ConvertName(property.Name), Value: property.GetValue(options)))
        .Where(property => !without.Contains(property.Name))
        .Select(property => KeyValuePair.Create(
            prefix + property.Name,
            property.Value switch
            {
                Enum kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()),
                TimeSpan time => $"\"{time:c}\"",
                var other => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{other}"),
            }));

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ServerlessRec.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
