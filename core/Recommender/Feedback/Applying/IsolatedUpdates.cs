using Microsoft.Extensions.Logging;

namespace ServerlessRec.Recommender.Feedback.Applying;

/// <summary>
/// Applies a batch although some of its users fail: the whole batch is tried, after a pause again, and then in halves, until only the users
/// are left that fail alone. So nobody waits for another one's row, and one bad row costs a few calls more.
/// </summary>
internal sealed partial class IsolatedUpdates(UserUpdates updates, FeedbackRetries retries, TimeProvider clock, ILogger logger)
{
    private const string NotReached = "the user store failed for so many users that no time was left for this one";

    /// <summary>Applies what can be applied.</summary>
    public async Task<UpdateResult> ApplyAsync(UserBatch batch, CancellationToken cancellationToken)
    {
        var result = new UpdateResult(batch);
        var everybody = Enumerable.Range(0, batch.UserIds.Count).ToArray();
        for (var attempt = 1; attempt <= retries.Tries; attempt++)
        {
            if (await TryAsync(batch, everybody, result, cancellationToken).ConfigureAwait(false) is null)
            {
                return result;
            }

            await Task.Delay(retries.Pause, clock, cancellationToken).ConfigureAwait(false);
        }

        using var time = new CancellationTokenSource(retries.IsolationTime, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            var half = everybody.Length / 2;
            await IsolateAsync(batch, everybody.AsMemory(0, half), result, stop.Token).ConfigureAwait(false);
            await IsolateAsync(batch, everybody.AsMemory(half), result, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result.FailOthers(NotReached);
        }

        return result;
    }

    private async Task IsolateAsync(UserBatch batch, ReadOnlyMemory<int> users, UpdateResult result, CancellationToken cancellationToken)
    {
        if (users.IsEmpty || await TryAsync(batch, users, result, cancellationToken).ConfigureAwait(false) is not { } reason)
        {
            return;
        }

        if (users.Length == 1)
        {
            result.Fail(users.Span[0], reason);
            return;
        }

        var half = users.Length / 2;
        await IsolateAsync(batch, users[..half], result, cancellationToken).ConfigureAwait(false);
        await IsolateAsync(batch, users[half..], result, cancellationToken).ConfigureAwait(false);
    }

    // Null, or why it failed.
    private async Task<string?> TryAsync(UserBatch batch, ReadOnlyMemory<int> users, UpdateResult result, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var (written, conflicts) = await updates.ApplyAsync(batch, users, cancellationToken).ConfigureAwait(false);
            result.Succeed(users.Span, written, conflicts);
            return null;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogFault(fault, users.Length);
            return $"{fault.GetType().Name}: {fault.Message}";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rows of {Users} users could not be brought up to date together")]
    private partial void LogFault(Exception fault, int users);
}
