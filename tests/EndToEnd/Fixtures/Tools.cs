namespace ServerlessRec.EndToEnd.Fixtures;

/// <summary>Programs that a machine may or may not have.</summary>
internal static class Tools
{
    public static bool Exist(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));
}
