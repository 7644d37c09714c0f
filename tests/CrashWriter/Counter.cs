using System.Globalization;
using System.Text;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.CrashWriter;

/// <summary>Counts up a number in a blob, one in a user's comment, and the lines of a log, each under its condition; rivals make it try again.</summary>
public static class Counter
{
    public const string Blob = "counter";
    public const string Log = "lines";
    public const string User = "counter";

    public static async Task RunAsync(string folder, int times)
    {
        using var store = EmbeddedStore.Open(folder, TimeProvider.System);
        for (var i = 0; i < times; i++)
        {
            while (!await TryCountBlobAsync(store.Blobs))
            {
            }

            while (!await TryCountUserAsync(store.Users))
            {
            }

            await store.Blobs.AppendAsync(Log, Encoding.ASCII.GetBytes($"{Environment.ProcessId} {i}\n"), null, default);
        }
    }

    private static async Task<bool> TryCountBlobAsync(IBlobStore blobs)
    {
        var present = await blobs.ReadAsync(Blob, default);
        var next = present is null ? 1 : 1 + int.Parse(present.Bytes.Span, CultureInfo.InvariantCulture);
        var condition = present is null ? WriteCondition.MustNotExist : WriteCondition.Matches(present.ETag);
        try
        {
            await blobs.WriteAsync(Blob, new MemoryStream(Encoding.ASCII.GetBytes($"{next}")), condition, default);
            return true;
        }
        catch (BlobPreconditionException)
        {
            return false;
        }
    }

    private static async Task<bool> TryCountUserAsync(IUserStore users)
    {
        var present = await users.ReadAsync(User, default);
        var next = present is null ? 1 : 1 + int.Parse(present.State.User.Comment, CultureInfo.InvariantCulture);
        var state = new UserState { User = new User(User, Comment: $"{next}") };
        return (await users.WriteManyAsync([new UserWrite(state, present?.ETag)], default))[0].Written;
    }
}
