namespace ServerlessRec.EventHubsEndpoint;

/// <summary>How the endpoint is reached.</summary>
public sealed record EndpointOptions
{
    /// <summary>Port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; } = 5672;

    /// <summary>The one hub there is.</summary>
    public string Hub { get; init; } = "feedback";
}
