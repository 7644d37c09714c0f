namespace ServerlessRec.Training.Tests;

/// <summary>Real data sets beside the checkout or where SERVERLESSREC_DATA says; tests that need them skip when they are not there.</summary>
internal static class SharedData
{
    public static string Require(string name)
    {
        var folder = Candidates().Select(root => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
        Assert.SkipWhen(folder is null, $"'{name}' is not here: set SERVERLESSREC_DATA to the folder that holds it.");
        return folder!;
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("SERVERLESSREC_DATA") is { Length: > 0 } named)
        {
            yield return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "shared", "data");
        }
    }
}
