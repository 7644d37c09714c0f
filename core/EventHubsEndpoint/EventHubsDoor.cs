using System.Net;
using System.Net.Sockets;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Sasl;
using Microsoft.Azure.Amqp.Transport;
using Microsoft.Extensions.Logging;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.EventHubsEndpoint.Listening;

namespace ServerlessRec.EventHubsEndpoint;

/// <summary>
/// An AMQP door on a feedback log of this machine, open to the unmodified clients of Event Hubs: publishers write into the log, readers read it.
/// It keeps the bodies of events, not their properties; offsets are sequence numbers; anybody on this machine may come in.
/// </summary>
public sealed class EventHubsDoor : IAsyncDisposable
{
    private const uint MaxFrameBytes = 64 * 1024;
    private const uint IdleMilliseconds = 240_000;

    private readonly AmqpConnectionListener _listener;
    private readonly OwnedTasks _tasks;

    private EventHubsDoor(AmqpConnectionListener listener, OwnedTasks tasks, int port, string hub)
    {
        (_listener, _tasks) = (listener, tasks);
        Port = port;
        ConnectionString = FormattableString.Invariant(
            $"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true");
        Hub = hub;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The one hub there is.</summary>
    public string Hub { get; }

    /// <summary>What a client takes for the namespace; the key in it is no secret and opens nothing.</summary>
    public string ConnectionString { get; }

    /// <summary>Opens the door. The log outlives it.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static EventHubsDoor Open(PartitionedFeedbackLog log, EndpointOptions options, TimeProvider clock, ILogger<EventHubsDoor> logger)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        var port = FreePort(options.Port);
        var tasks = new OwnedTasks(logger);
        var settings = new AmqpSettings { RuntimeProvider = new Broker(options.Hub, log, tasks, clock.GetUtcNow()) };
        var version = new AmqpVersion(1, 0, 0);
        var sasl = new SaslTransportProvider();
        sasl.Versions.Add(version);
        sasl.AddHandler(new SaslAnonymousHandler("MSSBCBS"));
        sasl.AddHandler(new SaslAnonymousHandler());
        settings.TransportProviders.Add(sasl);
        var amqp = new AmqpTransportProvider();
        amqp.Versions.Add(version);
        settings.TransportProviders.Add(amqp);
        var connections = new AmqpConnectionSettings { ContainerId = "serverlessrec", MaxFrameSize = MaxFrameBytes, IdleTimeOut = IdleMilliseconds };
        var listener = new AmqpConnectionListener([FormattableString.Invariant($"amqp://127.0.0.1:{port}")], settings, connections);
        listener.Open();
        return new EventHubsDoor(listener, tasks, port, options.Hub);
    }

    /// <summary>Closes all connections, and waits for what they had in hand.</summary>
    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _tasks.DisposeAsync().ConfigureAwait(false);
    }

    // The listener shares its port with whoever asks: two of them would take turns at one port, and nobody would be told.
    private static int FreePort(int wanted)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, wanted) { ExclusiveAddressUse = true };
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (SocketException taken)
        {
            throw new IOException($"The event hubs endpoint cannot listen on 127.0.0.1:{wanted}: {taken.Message}", taken);
        }
    }
}
