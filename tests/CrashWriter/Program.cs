// Writes into a store until it is killed and says on standard output what was acknowledged: the tests kill it and look what is left.
// `count` and `rebuild` end by themselves: several run at once.
using System.Globalization;
using ServerlessRec.CrashWriter;

var folder = args[1];
await (args[0] switch
{
    "users" => UserWriter.RunAsync(folder),
    "blobs" => BlobWriter.RunAsync(folder),
    "appends" => AppendWriter.RunAsync(folder),
    "loop" => LoopWriter.RunAsync(folder, int.Parse(args[2], CultureInfo.InvariantCulture)),
    "count" => Counter.RunAsync(folder, int.Parse(args[2], CultureInfo.InvariantCulture)),
    "rebuilds" => RebuildWriter.RunAsync(folder, args[2], forEver: true),
    "rebuild" => RebuildWriter.RunAsync(folder, args[2], forEver: false),
    var other => throw new ArgumentException($"'{other}' is none of users, blobs, appends, loop, count, rebuilds, rebuild."),
});
