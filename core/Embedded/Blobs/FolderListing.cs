namespace ServerlessRec.Embedded.Blobs;

/// <summary>Walks a folder in the ordinal order of the blobs' whole paths, one directory in memory at a time.</summary>
internal static class FolderListing
{
    public static IEnumerable<string> Paths(string root, string prefix)
    {
        // "a/b/c" looks only into "a/b"; the rest of the prefix filters names there.
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        if (folder.Split('/')[..^1].Any(segment => segment.Length == 0 || segment[0] == '.'))
        {
            return [];
        }

        var directory = Path.Combine(root, folder.Replace('/', Path.DirectorySeparatorChar));
        return Walk(directory, folder, prefix);
    }

    private static IEnumerable<string> Walk(string directory, string path, string prefix)
    {
        if (!Directory.Exists(directory))
        {
            yield break;
        }

        // A directory sorts as its name and '/', because so do the paths below it.
        var entries = new DirectoryInfo(directory).EnumerateFileSystemInfos()
            .Where(entry => entry.Name[0] != '.')
            .Select(entry => (Entry: entry, Path: path + entry.Name + (entry is DirectoryInfo ? "/" : "")))
            .Where(entry => entry.Path.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(entry.Path, StringComparison.Ordinal))
            .OrderBy(entry => entry.Path, StringComparer.Ordinal);
        foreach (var (entry, entryPath) in entries)
        {
            if (entry is not DirectoryInfo)
            {
                if (entryPath.Length >= prefix.Length)
                {
                    yield return entryPath;
                }

                continue;
            }

            foreach (var below in Walk(entry.FullName, entryPath, prefix))
            {
                yield return below;
            }
        }
    }
}
