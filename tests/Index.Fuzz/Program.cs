using ServerlessRec.Index;
using SharpFuzz;

// A snapshot from anywhere: it must be refused as one, or searched without harm. README.md says how to run it.
if (args is ["once", var path])
    Try(File.ReadAllBytes(path));
else
    Fuzzer.LibFuzzer.Run(bytes => Try(bytes.ToArray()));

static void Try(byte[] bytes)
{
    try
    {
        using var index = HnswIndex.LoadAsync(bytes.Length, (offset, destination, _) =>
        {
            bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
            return ValueTask.CompletedTask;
        }).AsTask().GetAwaiter().GetResult();
        var results = new Neighbor[10];
        var query = new float[index.Dimensions];
        Array.Fill(query, 0.5f);
        var count = index.Search(query, 40, results);
        foreach (var (ordinal, _) in results.AsSpan(0, count))
        {
            if ((uint)ordinal >= (uint)index.Count)
                throw new InvalidOperationException($"Ordinal {ordinal} does not exist.");
        }
    }
    catch (SnapshotFormatException)
    {
        // Refused, with its reason: what should happen.
    }
}
