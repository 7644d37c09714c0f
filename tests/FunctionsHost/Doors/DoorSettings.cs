using System.Globalization;

namespace ServerlessRec.FunctionsHost.Doors;

/// <summary>What every door's process is started with.</summary>
internal static class DoorSettings
{
    public const int MaxBodyBytes = 64 * 1024;

    public static Dictionary<string, string> Environment(string store) => new()
    {
        ["SERVERLESSREC_STORE"] = store,
        ["SERVERLESSREC_MAX_BODY_BYTES"] = MaxBodyBytes.ToString(CultureInfo.InvariantCulture),
        ["SERVERLESSREC_RELEASE_POLL_SECONDS"] = "0.1",
    };
}
