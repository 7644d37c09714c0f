using ServerlessRec.Api.Triggers;

namespace ServerlessRec.Worker.Http;

/// <summary>Paths as a Functions host accepts them: it refuses every function whose route begins with the letters "admin".</summary>
internal static class HostPaths
{
    public const string Releases = TriggerNames.HostAdmin + "/releases";
    public const string PromoteRelease = TriggerNames.HostAdmin + "/releases/{releaseId}/promote";
    public const string Rollback = TriggerNames.HostAdmin + "/rollback";
    public const string Rebuild = TriggerNames.HostAdmin + "/rebuild";
    public const string DeadLetters = TriggerNames.HostAdmin + "/dead-letters";
    public const string ReplayDeadLetters = TriggerNames.HostAdmin + "/dead-letters/replay";
}
