using System.Globalization;
using Azure;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using CsCheck;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Azure.Tests.Fixtures;
using ServerlessRec.Contracts.Feedback;

namespace ServerlessRec.Azure.Tests.Faults;

/// <summary>
/// The live loop's property over Azure's ports, on a transport that resets connections, times out after it wrote, throttles and pretends
/// conflicts. SERVERLESSREC_FAULT_CASES=2000 makes the full run, with a quarter of the cases on Azurite.
/// </summary>
public sealed class ExactlyOnceTests
{
    // Azurite collects garbage every ten minutes, and may take a block that is just being appended: then its blob answers 500 for ever.
    private const int CasesOfAnAzurite = 50;

    private const double Share = 0.15;

    // An orphan of one process meets the next ones.
    private const int Processes = 3;

    private static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("SERVERLESSREC_FAULT_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out var cases) ? cases : 40;

    private long _faults;

    [Fact]
    public void The_loop_ends_like_a_sequential_model_over_a_fake_of_the_services()
    {
        var settings = new StoreSettings { Address = StoreAddress.Parse(FakeStorage.ConnectionString) };
        ExactlyOnce.Gen.Sample(world => CheckAsync(world, settings, new FakeStorage()).GetAwaiter().GetResult(), iter: Cases);
        Report();
    }

    [Fact]
    public async Task The_loop_ends_like_a_sequential_model_on_Azurite()
    {
        for (var left = Math.Max(5, Cases / 4); left > 0; left -= CasesOfAnAzurite)
        {
            await using var azurite = new SharedAzurite();
            await azurite.InitializeAsync();
            azurite.NewStore();
            ExactlyOnce.Gen.Sample(
                world => CheckAsync(world, azurite.NewStore(), new SocketsHttpHandler()).GetAwaiter().GetResult(), iter: Math.Min(left, CasesOfAnAzurite));
        }

        Report();
    }

    private async Task CheckAsync(ExactlyOnce world, StoreSettings settings, HttpMessageHandler network)
    {
        using var opening = new FaultyTransport(network, world.Seed, 0);
        using var transport = new FaultyTransport(network, world.Seed, Share, Enum.GetValues<TransportFault>());
        await AzureStore.OpenAsync(settings, opening, default);
        var processes = Enumerable.Range(0, Processes).Select(retries => AzureStore.Over(settings, transport, Limits(retries))).ToList();
        var patient = AzureStore.Over(settings, opening, new ClientLimits(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)));
        var (opened, isOver) = (0, false);
        await world.CheckAsync(
            () =>
            {
                // Whoever looks at the end waits for a service that is busy.
                var process = isOver ? patient : processes[opened++ % Processes];
                return (process.Users, process.Blobs);
            },
            async () =>
            {
                isOver = true;
                transport.Recover();
                await EndLeaseAsync(settings, network);
            });
        Interlocked.Add(ref _faults, transport.Faults);
    }

    // Each process has a client of its own patience: what one tries again, reaches the loop of another. Nothing here takes long.
    private static ClientLimits Limits(int retries) => new(retries, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(20));

    // Of a process that died, or whose release was lost; it would end by itself in 30 seconds.
    private static async Task EndLeaseAsync(StoreSettings settings, HttpMessageHandler network)
    {
        var options = new BlobClientOptions { Transport = new HttpClientTransport(new HttpClient(network)) };
        var container = new BlobServiceClient(settings.Address.Value, options).GetBlobContainerClient(settings.Container);
        try
        {
            await container.GetBlobClient(".leases/replay-parked").GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
        }
        catch (RequestFailedException none) when (none.Status is 404 or 409)
        {
            // It was not held.
        }
    }

    private void Report() => TestContext.Current.TestOutputHelper?.WriteLine($"{_faults} requests met a fault.");
}
