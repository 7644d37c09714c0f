using System.Runtime.InteropServices;
using Cloud.Unum.USearch;

namespace ServerlessRec.Benchmarks.Ann;

/// <summary>
/// USearch by its C functions: the NuGet binding cannot change the search expansion and allocates two arrays a query, which would be
/// measured as USearch's own slowness.
/// </summary>
internal sealed unsafe partial class USearchPeer(AnnSettings settings, AnnCase data) : IAnnPeer
{
    private const string Library = "usearch_c";

    private nint _index;

    public string Name => "usearch";

    public static string Version() => USearchCapabilities.Version();

    public double Build()
    {
        var start = AnnClock.Now(settings.ProcessorTime && settings.BuildThreads == 1);
        var options = new Options
        {
            MetricKind = (int)MetricKind.Ip,
            Quantization = (int)ScalarKind.Float32,
            Dimensions = (nuint)data.Dimensions,
            Connectivity = (nuint)settings.M,
            ExpansionAdd = (nuint)settings.EfConstruction,
            ExpansionSearch = 64,
        };
        _index = Init(&options, out var error);
        Check(error);
        ReserveCapacity(_index, (nuint)data.Count, out error);
        Check(error);
        if (settings.BuildThreads == 1)
        {
            for (var i = 0; i < data.Count; i++)
                Add(i);
        }
        else
        {
            Parallel.For(0, data.Count, new ParallelOptions { MaxDegreeOfParallelism = settings.BuildThreads }, Add);
        }
        return AnnClock.Now(settings.ProcessorTime && settings.BuildThreads == 1) - start;
    }

    public double Search(int ef, int k, int threads, int[] ids)
    {
        ChangeExpansionSearch(_index, (nuint)ef, out var error);
        Check(error);
        var start = AnnClock.Now(settings.ProcessorTime && threads == 1);
        if (threads == 1)
            Answer(0, data.QueryCount, k, ids);
        else
            Parallel.For(0, threads, t => Answer(data.QueryCount * t / threads, data.QueryCount * (t + 1) / threads, k, ids));
        return AnnClock.Now(settings.ProcessorTime && threads == 1) - start;
    }

    public long Save(string path)
    {
        SaveFile(_index, path, out var error);
        Check(error);
        return new FileInfo(path).Length;
    }

    public void Dispose()
    {
        if (_index != 0)
            Free(_index, out _);
        _index = 0;
    }

    private static void Check(nint error)
    {
        if (error != 0)
            throw new InvalidOperationException("USearch: " + Marshal.PtrToStringUTF8(error));
    }

    private void Add(int ordinal)
    {
        fixed (float* vector = data.Vector(ordinal))
        {
            AddVector(_index, (ulong)ordinal, vector, (int)ScalarKind.Float32, out var error);
            Check(error);
        }
    }

    private void Answer(int from, int to, int k, int[] ids)
    {
        var keys = stackalloc ulong[k];
        var distances = stackalloc float[k];
        for (var q = from; q < to; q++)
        {
            fixed (float* query = data.Query(q))
            {
                var count = (int)SearchVector(_index, query, (int)ScalarKind.Float32, (nuint)k, keys, distances, out var error);
                Check(error);
                for (var i = 0; i < k; i++)
                    ids[(q * k) + i] = i < count ? (int)keys[i] : -1;
            }
        }
    }

    [LibraryImport(Library, EntryPoint = "usearch_init")]
    private static partial nint Init(Options* options, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_free")]
    private static partial void Free(nint index, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_reserve")]
    private static partial void ReserveCapacity(nint index, nuint capacity, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_add")]
    private static partial void AddVector(nint index, ulong key, float* vector, int kind, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_search")]
    private static partial nuint SearchVector(nint index, float* query, int kind, nuint count, ulong* keys, float* distances, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_change_expansion_search")]
    private static partial void ChangeExpansionSearch(nint index, nuint expansion, out nint error);

    [LibraryImport(Library, EntryPoint = "usearch_save", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SaveFile(nint index, string path, out nint error);

    /// <summary>usearch_init_options_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Options
    {
        public int MetricKind;
        public nint Metric;
        public int Quantization;
        public nuint Dimensions;
        public nuint Connectivity;
        public nuint ExpansionAdd;
        public nuint ExpansionSearch;
        public byte Multi;
    }
}
