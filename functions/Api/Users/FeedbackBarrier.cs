namespace ServerlessRec.Api.Users;

/// <summary>
/// Lets a read of a user wait until the feedback that this process accepted before is applied, so that a client finds what it just sent. It
/// waits for a second at most: a store that is away must not hold up reads. Any thread.
/// </summary>
/// <param name="caughtUp">Completes when everything accepted of a user before the call is applied; null: nobody can tell, so nobody waits.</param>
/// <param name="clock">Times the patience.</param>
public sealed class FeedbackBarrier(Func<string, CancellationToken, Task>? caughtUp, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Waits.</summary>
    /// <exception cref="OperationCanceledException">The caller is gone.</exception>
    public async Task WaitAsync(string userId, CancellationToken cancellationToken)
    {
        if (caughtUp is null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await caughtUp(userId, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The answer is what is known so far.
        }
    }
}
