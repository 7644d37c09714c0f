namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>One start, from the moment the process was asked for.</summary>
/// <param name="Reachable">Until it took a connection; a worker: until its functions were loaded.</param>
/// <param name="FirstAnswer">Until the first personalised 200 was read.</param>
/// <param name="ReleaseMilliseconds">What the process itself says the release took.</param>
internal readonly record struct ColdStart(TimeSpan Reachable, TimeSpan FirstAnswer, double ReleaseMilliseconds);
