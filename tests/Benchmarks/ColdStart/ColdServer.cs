using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>Starts Standalone and asks it until it answers.</summary>
internal static class ColdServer
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static async Task<ColdStart> StartAsync(string folder, ColdPlace place, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(
            Path.Combine(folder, "ServerlessRec.Standalone"), ["--port", port.ToString(CultureInfo.InvariantCulture)]);
        place.ApplyTo(start);
        await using var process = new ColdProcess(start);
        while (!await IsReachableAsync(port, cancellationToken))
        {
            process.ThrowIfLost();
            await Task.Delay(Pause, cancellationToken);
        }

        var reachable = process.Elapsed;
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        while (true)
        {
            process.ThrowIfLost();
            using var answer = await client.GetAsync($"/api/recommend/{ColdStore.UserId}?n=10", cancellationToken);
            if (await ColdProcess.IsListAsync(answer, cancellationToken))
            {
                var first = process.Elapsed;
                await Task.Delay(50, cancellationToken);
                return new ColdStart(reachable, first, process.ReleaseMilliseconds());
            }
        }
    }

    private static async Task<bool> IsReachableAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
