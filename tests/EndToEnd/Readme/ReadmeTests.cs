using System.Text.RegularExpressions;
using ServerlessRec.EndToEnd.Fixtures;

namespace ServerlessRec.EndToEnd.Readme;

public sealed partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    public static TheoryData<string> TrainingLines() =>
        [.. Lines().Where(line => line.StartsWith("dotnet run -c Release --project training", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(TrainingLines))]
    public async Task Every_training_command_is_one_the_program_knows(string line)
    {
        // The options are checked by the program's own parser; what the commands do, the tests of the command line show.
        var arguments = line[(line.IndexOf(" -- ", StringComparison.Ordinal) + 4)..].Split(' ');
        var help = await ChildProcess.RunAsync("dotnet", [Repository.Training, .. arguments.TakeWhile(a => !a.StartsWith("--", StringComparison.Ordinal)), "--help"]);
        Assert.All(arguments.Where(a => a.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_link_leads_to_a_file_or_folder()
    {
        var broken = Link().Matches(Text)
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.StartsWith("http", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Repository.Root, target)));
        Assert.Empty(broken);
    }

    private static IEnumerable<string> Lines() => Text.Split('\n').Select(line => line.Trim());

    [GeneratedRegex(@"\]\(([^)#]+)")]
    private static partial Regex Link();
}
