using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// The trigger's declaration as the extension package has it, for builds that cannot restore that package: the same metadata, byte for byte.
/// `UseEventHubsExtension=true` builds with the package instead, which also brings the host its extension.
/// </summary>
[BindingCapabilities(KnownBindingCapabilities.FunctionLevelRetry)]
public sealed class EventHubTriggerAttribute(string eventHubName) : TriggerBindingAttribute, ISupportCardinality
{
    private bool _isBatched = true;

    /// <summary>The hub's name, or `%SETTING%`.</summary>
    public string EventHubName { get; } = eventHubName;

    /// <summary>The consumer group.</summary>
    public string? ConsumerGroup { get; set; }

    /// <summary>Setting, or prefix of settings, that says how to reach the namespace.</summary>
    public string? Connection { get; set; }

    /// <summary>Several events a call.</summary>
    [DefaultValue(true)]
    public bool IsBatched
    {
        get => _isBatched;
        set => _isBatched = value;
    }

    /// <inheritdoc/>
    Cardinality ISupportCardinality.Cardinality
    {
        get => _isBatched ? Cardinality.Many : Cardinality.One;
        set => _isBatched = value == Cardinality.Many;
    }
}
