namespace ServerlessRec.Benchmarks.Ann;

/// <summary>An index under measurement.</summary>
internal interface IAnnPeer : IDisposable
{
    string Name { get; }

    /// <summary>Builds over the case; returns seconds.</summary>
    double Build();

    /// <summary>Answers every query, k ids each into <paramref name="ids"/>; returns seconds.</summary>
    double Search(int ef, int k, int threads, int[] ids);

    /// <summary>Writes the index and returns its bytes.</summary>
    long Save(string path);
}
