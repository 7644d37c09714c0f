namespace ServerlessRec.Benchmarks.Lag;

/// <summary>How lists are asked for and clicks are sent: by calls in this process, or over HTTP.</summary>
/// <param name="List">The ids of a user's list.</param>
/// <param name="Click">Sends a user's click on an item; durable when it returns.</param>
internal sealed record LiveDoor(Func<string, CancellationToken, Task<string[]>> List, Func<string, string, CancellationToken, Task> Click);
