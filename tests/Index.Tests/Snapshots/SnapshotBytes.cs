namespace ServerlessRec.Index.Tests.Snapshots;

internal static class SnapshotBytes
{
    public static byte[] Of(HnswIndex index)
    {
        using var stream = new MemoryStream();
        index.Save(stream);
        return stream.ToArray();
    }

    public static ValueTask<HnswIndex> LoadAsync(byte[] bytes) => HnswIndex.LoadAsync(
        bytes.Length,
        (offset, destination, _) =>
        {
            bytes.AsMemory((int)offset, destination.Length).CopyTo(destination);
            return ValueTask.CompletedTask;
        });
}
