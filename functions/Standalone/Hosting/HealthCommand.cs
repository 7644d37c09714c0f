using System.CommandLine;

namespace ServerlessRec.Standalone.Hosting;

/// <summary>`health`: asks a running server whether it is ready, for containers without a client of their own. Exit code 0 when it is.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var address = new Option<string>("--address") { Description = "Where the server listens.", DefaultValueFactory = _ => "http://127.0.0.1:7071" };
        var command = new Command("health", "Asks a running server whether it is ready.") { address };
        command.SetAction((arguments, cancellationToken) => AskAsync(arguments.GetValue(address)!, cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(string address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using var answer = await client.GetAsync(new Uri(new Uri(address), "/api/health/ready"), cancellationToken);
            Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellationToken));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine($"Nothing answers at {address}: {exception.Message}");
            return 1;
        }
    }
}
