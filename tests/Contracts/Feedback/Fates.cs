namespace ServerlessRec.Contracts.Feedback;

/// <summary>What happens to one call of a store.</summary>
internal enum Fate
{
    Works,

    /// <summary>The store is away: nothing happened.</summary>
    FailsBefore,

    /// <summary>A timeout that did write.</summary>
    FailsAfter,

    /// <summary>Only some rows were written.</summary>
    FailsHalfWay,

    /// <summary>The process dies before the call; no other call of it comes through.</summary>
    DiesBefore,

    /// <summary>The process dies behind the call.</summary>
    DiesAfter,
}

/// <summary>The process died.</summary>
internal sealed class SimulatedDeath() : Exception("The process died.");

/// <summary>Deals out the fate of each call of one process, and can hold it up before one of them.</summary>
/// <param name="next">The fate of the next call.</param>
/// <param name="holdBefore">Number of the call that is held up.</param>
internal sealed class Fates(Func<Fate> next, int holdBefore = int.MaxValue)
{
    private readonly TaskCompletionSource _gate = new();
    private readonly TaskCompletionSource _held = new();
    private int _calls;

    /// <summary>Completes when the process is held up.</summary>
    public Task Held => _held.Task;

    /// <summary>Whether the process died.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Lets a process that was held up go on.</summary>
    public void Release() => _gate.TrySetResult();

    /// <summary>Ends the process in the middle of a call.</summary>
    public SimulatedDeath Die()
    {
        IsDead = true;
        return new SimulatedDeath();
    }

    /// <summary>Makes a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="fault">What the store throws when it is away.</param>
    /// <param name="halfWay">What a call does that fails half way; null: it cannot.</param>
    public async ValueTask<T> Call<T>(Func<ValueTask<T>> call, Func<string, Exception> fault, Func<ValueTask>? halfWay = null)
    {
        if (_calls++ == holdBefore)
        {
            _held.TrySetResult();
            await _gate.Task;
        }

        if (IsDead)
        {
            throw new SimulatedDeath();
        }

        switch (next())
        {
            case Fate.FailsBefore:
                throw fault("simulated, before");
            case Fate.FailsAfter:
                await call();
                throw fault("simulated, after");
            case Fate.FailsHalfWay when halfWay is not null:
                await halfWay();
                throw fault("simulated, half way");
            case Fate.DiesBefore:
                throw Die();
            case Fate.DiesAfter:
                await call();
                throw Die();
            default:
                return await call();
        }
    }
}
