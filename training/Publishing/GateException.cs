namespace ServerlessRec.Training.Publishing;

/// <summary>The gate refused a model; nothing was published.</summary>
public sealed class GateException(string message) : Exception(message);
