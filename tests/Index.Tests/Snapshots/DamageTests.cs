using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Snapshots;

public sealed class DamageTests
{
    private static byte[] Snapshot()
    {
        var vectors = VectorSet.Clustered(60, 16, 1);
        using var index = HnswIndex.Build(
            new HnswOptions { Dimensions = 16, Threads = 1, Rerank = RerankVectors.Half, EfConstruction = 40 }, vectors.Count, vectors.Read);
        return SnapshotBytes.Of(index);
    }

    [Fact]
    public async Task Every_flipped_byte_is_refused()
    {
        var bytes = Snapshot();
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= (byte)(1 << (at % 8));
            var refusal = await Assert.ThrowsAsync<SnapshotFormatException>(() => SnapshotBytes.LoadAsync(bytes).AsTask());
            Assert.False(string.IsNullOrEmpty(refusal.Section));
            bytes[at] ^= (byte)(1 << (at % 8));
        }
    }

    [Fact]
    public async Task Every_truncation_and_extension_is_refused()
    {
        var bytes = Snapshot();
        for (var length = 0; length < bytes.Length; length += 61)
            await Assert.ThrowsAsync<SnapshotFormatException>(() => SnapshotBytes.LoadAsync(bytes[..length]).AsTask());
        await Assert.ThrowsAsync<SnapshotFormatException>(() => SnapshotBytes.LoadAsync([.. bytes, 0]).AsTask());
    }

    [Fact]
    public void A_damaged_file_is_not_mapped()
    {
        var path = Path.GetTempFileName();
        try
        {
            Assert.Throws<SnapshotFormatException>(() => HnswIndex.OpenMapped(path));
            File.WriteAllBytes(path, [1, 2, 3]);
            Assert.Throws<SnapshotFormatException>(() => HnswIndex.OpenMapped(path));
            var bytes = Snapshot();
            bytes[^100] ^= 1;
            File.WriteAllBytes(path, bytes);
            Assert.Equal("Rerank", Assert.Throws<SnapshotFormatException>(() => HnswIndex.OpenMapped(path)).Section);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
