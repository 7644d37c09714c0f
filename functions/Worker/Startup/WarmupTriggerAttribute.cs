using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Declares the function that a host calls on a new instance before it gets requests. The trigger is part of the host, so no package is needed.</summary>
public sealed class WarmupTriggerAttribute : TriggerBindingAttribute;
