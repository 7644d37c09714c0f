using System.Buffers.Binary;
using ServerlessRec.Index.Snapshots;
using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Snapshots;

/// <summary>
/// 24,000 seeded mutations. Half leave the checksums broken: each must be refused. Half mend every checksum afterwards, as someone
/// hostile would: each must be refused or answer searches without leaving its memory, with ordinals that exist.
/// </summary>
public sealed class MutationTests
{
    private const int Rounds = 3000;

    public static TheoryData<VectorCodes, Metric, bool> Kinds => new()
    {
        { VectorCodes.Int8, Metric.InnerProduct, false },
        { VectorCodes.Int8, Metric.InnerProduct, true },
        { VectorCodes.Int8, Metric.SquaredL2, false },
        { VectorCodes.Int8, Metric.SquaredL2, true },
        { VectorCodes.Float32, Metric.Cosine, false },
        { VectorCodes.Float32, Metric.Cosine, true },
        { VectorCodes.Float32, Metric.SquaredL2, false },
        { VectorCodes.Float32, Metric.SquaredL2, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Mutated_snapshots_are_refused_or_harmless(VectorCodes codes, Metric metric, bool mended)
    {
        var original = Snapshot(codes, metric);
        var random = new Random(mended ? 41 : 42);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Mutate(original, random, mended);
            if (mended)
                ChecksumMending.Mend(bytes);
            if (bytes.AsSpan().SequenceEqual(original))
                continue;
            try
            {
                using var index = await SnapshotBytes.LoadAsync(bytes);
                Assert.True(mended, $"round {round}: a mutation with broken checksums was accepted");
                Use(index);
            }
            catch (SnapshotFormatException refusal)
            {
                Assert.False(string.IsNullOrWhiteSpace(refusal.Message));
                refused++;
            }
        }
        Assert.True(refused > 0);
    }

    private static byte[] Snapshot(VectorCodes codes, Metric metric)
    {
        var vectors = VectorSet.Clustered(80, 8, 1);
        var options = new HnswOptions
        {
            Dimensions = 8,
            Metric = metric,
            Codes = codes,
            Rerank = RerankVectors.Residual,
            M = 4,
            EfConstruction = 20,
            Threads = 1,
        };
        using var index = HnswIndex.Build(options, vectors.Count, vectors.Read);
        return SnapshotBytes.Of(index);
    }

    private static void Use(HnswIndex index)
    {
        Span<Neighbor> results = stackalloc Neighbor[12];
        Span<float> query = stackalloc float[index.Dimensions];
        query.Fill(0.5f);
        for (var ef = 1; ef <= 81; ef += 40)
        {
            var count = index.Search(query, ef, results);
            for (var i = 0; i < count; i++)
                Assert.InRange(results[i].Ordinal, 0, index.Count - 1);
        }
        if (index.Count > 0)
            index.CopyVector(index.Count - 1, query);
        using var overlay = new HnswOverlay(index);
        query.Fill(0.25f);
        overlay.Add(query);
        overlay.Search(query, 20, results);
    }

    private static byte[] Mutate(byte[] original, Random random, bool mended)
    {
        if (!mended && random.Next(8) == 0)
            return original[..random.Next(original.Length)];
        var bytes = (byte[])original.Clone();
        // The header and what steers a walk more often than mere vectors.
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(3) == 0 ? random.Next(SnapshotHeader.Bytes) : random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt32LittleEndian(Word(bytes, at), random.Next(2) == 0 ? uint.MaxValue : (uint)random.Next(200));
                    break;
                default:
                    random.NextBytes(Word(bytes, at));
                    break;
            }
        }
        return bytes;
    }

    private static Span<byte> Word(byte[] bytes, int at) => bytes.AsSpan(Math.Min(at & ~3, bytes.Length - 4), 4);
}
