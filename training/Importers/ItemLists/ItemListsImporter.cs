using System.Text;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Importers.ItemLists;

/// <summary>
/// A text file of lines `user item item …` between blanks, as many published splits have it (LightGCN's for one). There are no times: the
/// items of a user are taken to be in their order, a second apart.
/// </summary>
internal static class ItemListsImporter
{
    /// <summary>The feedback type of every item.</summary>
    public const string Type = "interaction";

    private static readonly DateTimeOffset Beginning = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<Dataset> ImportAsync(string path, CancellationToken cancellationToken)
    {
        var builder = new DatasetBuilder(DatasetName.Of(path));
        await ReadAsync(path, builder, cancellationToken);
        return builder.Build();
    }

    public static async Task ReadAsync(string path, DatasetBuilder builder, CancellationToken cancellationToken)
    {
        await using var lines = new LineReader(path);
        var type = builder.TypeNumber(Type);
        var read = new Dictionary<int, int>();
        while (await lines.ReadAsync(cancellationToken))
        {
            AddLine(lines, type, builder, read);
        }
    }

    // A user may have several lines, each with one item even: they go on where the last one ended.
    private static void AddLine(LineReader lines, int type, DatasetBuilder builder, Dictionary<int, int> read)
    {
        var line = Encoding.UTF8.GetString(lines.Current).AsSpan();
        var user = -1;
        var place = 0;
        foreach (var range in line.SplitAny(' ', '\t', '\r'))
        {
            var id = line[range];
            if (id.IsEmpty)
            {
                continue;
            }

            Check(id, lines);
            if (user < 0)
            {
                user = builder.UserNumber(id);
                place = read.GetValueOrDefault(user);
                continue;
            }

            builder.Add(new Interaction(user, builder.ItemNumber(id), type, 1, Beginning.AddSeconds(place++).ToUnixTimeMilliseconds()));
        }

        if (user >= 0)
        {
            read[user] = place;
        }
    }

    private static void Check(ReadOnlySpan<char> id, LineReader lines)
    {
        if (id.Length > ImportLimits.MaxIdLength)
        {
            throw lines.Problem($"an id is longer than {ImportLimits.MaxIdLength} characters");
        }

        foreach (var character in id)
        {
            if (char.IsControl(character))
            {
                throw lines.Problem("an id holds a control character");
            }
        }
    }
}
