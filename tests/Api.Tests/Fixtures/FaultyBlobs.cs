using System.Reflection;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Api.Tests.Fixtures;

/// <summary>A blob store before another one that fails, as a disk does, as often as it is told to.</summary>
public class FaultyBlobs : DispatchProxy
{
    private IBlobStore _blobs = null!;
    private Exception? _fault;
    private int _faults;

    /// <summary>Faults that are still to come.</summary>
    public int FaultsLeft => Volatile.Read(ref _faults);

    /// <summary>The store, and the hand that makes it fail.</summary>
    public static (IBlobStore Store, FaultyBlobs Faults) Before(IBlobStore blobs)
    {
        var store = Create<IBlobStore, FaultyBlobs>();
        var faults = (FaultyBlobs)store;
        faults._blobs = blobs;
        return (store, faults);
    }

    /// <summary>The next calls throw.</summary>
    public void Fail(Exception fault, int calls)
    {
        _fault = fault;
        Volatile.Write(ref _faults, calls);
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (Interlocked.Decrement(ref _faults) >= 0)
        {
            throw _fault!;
        }

        return targetMethod!.Invoke(_blobs, args);
    }
}
