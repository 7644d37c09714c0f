namespace ServerlessRec.Api.Settings;

/// <summary>A setting is wrong; the message says which and what to do.</summary>
public sealed class SettingsException(string message) : Exception(message);
