namespace ServerlessRec.Training.Publishing;

/// <summary>The exported towers do not compute what the trained ones do; nothing was published.</summary>
public sealed class ParityException(string message) : Exception(message);
