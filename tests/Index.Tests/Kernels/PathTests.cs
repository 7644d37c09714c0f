using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using ServerlessRec.Index.Tests.Snapshots;
using ServerlessRec.Index.Tests.Vectors;

namespace ServerlessRec.Index.Tests.Kernels;

/// <summary>
/// This project runs itself again with instruction sets switched off. Every path must build the same bytes and give the same neighbours
/// with the same scores: the digest covers both.
/// </summary>
public sealed class PathTests
{
    private const string ChildVariable = "SERVERLESSREC_INDEX_TEST_DIGEST";

    public static TheoryData<string, string> Paths => new()
    {
        { "avx2", "DOTNET_EnableAVX512F=0;DOTNET_EnableAVX512=0;DOTNET_EnableAVX10v1=0" },
        { "sse4.1", "DOTNET_EnableAVX=0" },
        { "portable", "DOTNET_EnableHWIntrinsic=0" },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_path_gives_the_same_neighbours(string path, string switches)
    {
        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!, $"--filter-method *.{nameof(PathTests)}.{nameof(Digest_of_this_process)}");
            foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal)).ToArray())
                start.Environment.Remove(name);
            foreach (var pair in switches.Split(';'))
                start.Environment[pair.Split('=')[0]] = pair.Split('=')[1];
            start.Environment[ChildVariable] = file;
            start.RedirectStandardOutput = true;
            using var child = Process.Start(start)!;
            var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(child.ExitCode == 0, output);
            var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(Digest(), lines[0]);
            if (path == "portable")
                Assert.Equal("none", lines[1]);
            else if (path == "sse4.1" && Sse41.IsSupported)
                Assert.Equal("128", lines[1]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The child's side; alone it only shows that a digest can be made.</summary>
    [Fact]
    public void Digest_of_this_process()
    {
        var width = Vector512.IsHardwareAccelerated ? "512" : Avx2.IsSupported ? "256" : Vector128.IsHardwareAccelerated ? "128" : "none";
        var digest = Digest();
        Assert.Equal(64, digest.Length);
        if (Environment.GetEnvironmentVariable(ChildVariable) is { } file)
            File.WriteAllLines(file, [digest, width]);
    }

    private static string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var vectors = VectorSet.Clustered(400, 40, 1);
        foreach (var (metric, codes, rerank) in new[]
        {
            (Metric.InnerProduct, VectorCodes.Int8, RerankVectors.Float32),
            (Metric.Cosine, VectorCodes.Int8, RerankVectors.Half),
            (Metric.SquaredL2, VectorCodes.Int8, RerankVectors.Residual),
            (Metric.SquaredL2, VectorCodes.Float32, RerankVectors.Float32),
        })
        {
            var options = new HnswOptions
            {
                Dimensions = 40,
                Metric = metric,
                Codes = codes,
                Rerank = rerank,
                Threads = 1,
                M = 8,
                EfConstruction = 40,
            };
            using var index = HnswIndex.Build(options, vectors.Count, vectors.Read);
            hash.AppendData(SnapshotBytes.Of(index));
            var results = new Neighbor[10];
            for (var q = 0; q < 100; q++)
            {
                var count = index.Search(vectors[q], 30, results);
                for (var i = 0; i < count; i++)
                {
                    hash.AppendData(BitConverter.GetBytes(results[i].Ordinal));
                    hash.AppendData(BitConverter.GetBytes(results[i].Score));
                }
            }
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
