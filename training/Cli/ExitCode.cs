namespace ServerlessRec.Training.Cli;

/// <summary>What the process answers.</summary>
internal static class ExitCode
{
    public const int Ok = 0, Failed = 1, Usage = 2, Cancelled = 130;
}
