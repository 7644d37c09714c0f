using System.Xml.Linq;

namespace ServerlessRec.Architecture.Tests;

public sealed class ProjectReferenceTests
{
    // Who may see whom. A project that is not listed may not exist; a reference that is not listed may not be made.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Index"] = [],
        ["Recommender"] = ["Index"],
        ["Embedded"] = ["Recommender"],
        ["EventHubsEndpoint"] = ["Recommender", "Embedded"],
        ["Azure"] = ["Recommender"],
        ["Api"] = ["Recommender", "Embedded", "Azure"],
        ["Worker"] = ["Api"],
        ["Standalone"] = ["Api", "EventHubsEndpoint"],
        ["Training"] = ["Recommender", "Embedded", "Azure"],
    };

    public static TheoryData<string> ProductProjects()
    {
        var data = new TheoryData<string>();
        foreach (var file in ProjectFiles())
        {
            data.Add(Path.GetFileNameWithoutExtension(file));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void References_go_down_only(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} has no place in the house: add it to the allowed references.");
        var file = ProjectFiles().Single(f => Path.GetFileNameWithoutExtension(f) == project);
        Assert.Empty(References(file, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r)).Except(allowed));
    }

    [Fact]
    public void The_index_depends_on_no_package()
    {
        var index = ProjectFiles().Single(f => Path.GetFileNameWithoutExtension(f) == "Index");
        Assert.Empty(References(index, "PackageReference"));
    }

    [Fact]
    public void Package_versions_stand_in_one_place_only()
    {
        var pinnedElsewhere = Directory.EnumerateFiles(RepositoryRoot.Find(), "*.csproj", SearchOption.AllDirectories)
            .Where(IsOurs)
            .Where(f => XDocument.Load(f).Descendants("PackageReference").Any(r => r.Attribute("Version") is not null));
        Assert.Empty(pinnedElsewhere);
    }

    private static IEnumerable<string> ProjectFiles() =>
        new[] { "core", "functions", "training" }
            .Select(folder => Path.Combine(RepositoryRoot.Find(), folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
            .Where(IsOurs);

    // The Functions SDK writes a project of its own into the intermediate folder.
    private static bool IsOurs(string file) => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    private static IEnumerable<string> References(string projectFile, string kind) =>
        XDocument.Load(projectFile).Descendants(kind)
            .Select(r => r.Attribute("Include")?.Value.Replace('\\', '/'))
            .OfType<string>();
}
