using System.Globalization;

namespace ServerlessRec.Benchmarks.Soak;

/// <summary>What a store and this process take at one moment, in MB.</summary>
/// <param name="Resident">Memory of the process, native parts and mapped files included.</param>
/// <param name="Own">Of it, what no file stands behind, so that the system cannot take it back.</param>
/// <param name="Managed">Of it, objects that live.</param>
/// <param name="FeedbackLog">The embedded log.</param>
/// <param name="Archive">The feedback archive.</param>
/// <param name="Releases">Kept releases.</param>
/// <param name="CatalogueLog">The catalogue log.</param>
/// <param name="Users">users.db.</param>
/// <param name="UsersLog">What SQLite keeps beside it.</param>
/// <param name="Rest">Everything else.</param>
/// <param name="Files">How many files there are.</param>
internal sealed record Footprint(
    double Resident,
    double Own,
    double Managed,
    double FeedbackLog,
    double Archive,
    double Releases,
    double CatalogueLog,
    double Users,
    double UsersLog,
    double Rest,
    int Files)
{
    private const double Megabyte = 1e6;

    public double Disk => FeedbackLog + Archive + Releases + CatalogueLog + Users + UsersLog + Rest;

    public static Footprint Take(string folder)
    {
        // Gives back what only waits to be collected: what is left is what is needed, or leaked.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var managed = GC.GetTotalMemory(forceFullCollection: false) / Megabyte;
        var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), Bytes: file.Exists ? file.Length : 0)).ToList();
        return new Footprint(
            Environment.WorkingSet / Megabyte,
            OwnBytes() / Megabyte,
            managed,
            Of("feedback/"),
            Of("blobs/feedback/"),
            Of("blobs/releases/"),
            Of("blobs/catalog/"),
            Of("users.db") - Of("users.db-"),
            Of("users.db-"),
            (files.Sum(file => file.Bytes) / Megabyte) - Of("feedback/") - Of("blobs/feedback/") - Of("blobs/releases/") - Of("blobs/catalog/") - Of("users.db"),
            files.Count);

        double Of(string prefix) => files.Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal)).Sum(file => file.Bytes) / Megabyte;
    }

    // RssAnon, see proc(5); elsewhere everything counts as own.
    private static long OwnBytes()
    {
        const string Status = "/proc/self/status";
        var line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(text => text.StartsWith("RssAnon:", StringComparison.Ordinal)) : null;
        return line is null ? Environment.WorkingSet : 1024 * long.Parse(line.AsSpan(8, line.Length - 8 - 2), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    public Dictionary<string, object> ToRow(int round) => new()
    {
        ["round"] = round,
        ["resident"] = Resident,
        ["own"] = Own,
        ["managed"] = Managed,
        ["disk"] = Disk,
        ["feedbackLog"] = FeedbackLog,
        ["archive"] = Archive,
        ["releases"] = Releases,
        ["catalogueLog"] = CatalogueLog,
        ["users"] = Users,
        ["usersLog"] = UsersLog,
        ["rest"] = Rest,
        ["files"] = Files,
    };
}
