using ServerlessRec.FunctionsHost.Doors;

namespace ServerlessRec.FunctionsHost.Contract;

public sealed class HttpContractTests(SeededStore store)
{
    [Fact]
    public async Task All_doors_give_identical_answers()
    {
        await using var standalone = await StandaloneDoor.OpenAsync(store.Copy());
        await using var worker = await WorkerDoor.OpenAsync(store.Copy());
        await using var handler = await CustomHandlerDoor.OpenAsync(store.Copy());
        IDoor[] others = [worker, handler];

        var differences = new List<string>();
        foreach (var exchange in HttpContract.Exchanges)
        {
            var expected = await exchange.AnswerAsync(standalone.Client, TestContext.Current.CancellationToken);
            foreach (var door in others)
            {
                var answer = await exchange.AnswerAsync(door.Client, TestContext.Current.CancellationToken);
                if (answer != expected)
                {
                    differences.Add($"{exchange}\n  {door.GetType().Name} answers\n{answer}\n  instead of\n{expected}");
                }
            }
        }

        await AssertNoUserIdInLogsAsync([standalone, .. others]);
        Assert.True(differences.Count == 0, string.Join("\n\n", differences) + string.Concat(others.Select(door => $"\n\n{door.GetType().Name} wrote\n{door.Output}")));
    }

    // What a door writes ends in somebody's log store, the worker's through the host: paths hold user ids.
    private static async Task AssertNoUserIdInLogsAsync(IDoor[] doors)
    {
        const string id = "a-very-private-user";
        foreach (var door in doors)
        {
            foreach (var path in (string[])[$"/api/recommend/{id}", $"/api/user/{id}", $"/api/recommend/{id}?n=nothing", $"/api/nowhere/{id}"])
            {
                using var answer = await door.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            }

            Assert.DoesNotContain(id, door.Output, StringComparison.Ordinal);
        }
    }
}
