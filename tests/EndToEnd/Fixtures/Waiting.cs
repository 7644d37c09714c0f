using System.Diagnostics;

namespace ServerlessRec.EndToEnd.Fixtures;

/// <summary>Waits for other processes, but never for ever: a test that is stuck fails and says what it waited for.</summary>
internal static class Waiting
{
    /// <summary>Longer than anything here takes on a machine that is fully loaded.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Task UntilAsync(string what, Func<bool> holds, int pollMilliseconds = 20) =>
        UntilAsync(what, () => Task.FromResult(holds()), pollMilliseconds);

    public static async Task UntilAsync(string what, Func<Task<bool>> holds, int pollMilliseconds = 20)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, $"Waited {Patience} in vain until {what}.");
            await Task.Delay(pollMilliseconds, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Until the server answers that it can recommend.</summary>
    public static Task UntilReadyAsync(HttpClient client) => UntilAsync(
        "the server is ready",
        async () =>
        {
            using var answer = await client.GetAsync("/api/health/ready", TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        });
}
