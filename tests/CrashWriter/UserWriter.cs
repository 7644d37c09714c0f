using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.CrashWriter;

/// <summary>Writes the same number into 20 users in one call, again and again; a line "n" says that number n was acknowledged.</summary>
public static class UserWriter
{
    public const int Users = 20;

    public static async Task RunAsync(string folder)
    {
        using var store = EmbeddedStore.Open(folder, TimeProvider.System);
        string[] ids = [.. Enumerable.Range(0, Users).Select(u => $"u{u}")];
        for (var n = 0; ; n++)
        {
            var read = await store.Users.ReadManyAsync(ids, default);
            UserWrite[] writes = [.. ids.Select((id, i) => new UserWrite(
                new UserState { User = new User(id, Comment: $"{n}".PadRight(2000)) }, read[i]?.ETag))];
            var outcomes = await store.Users.WriteManyAsync(writes, default);
            if (outcomes.Any(outcome => !outcome.Written))
            {
                throw new InvalidOperationException("A write without a rival met a conflict.");
            }

            Console.Out.WriteLine(n);
            Console.Out.Flush();
        }
    }
}
