using System.Text;
using ServerlessRec.Training.Importers;

namespace ServerlessRec.Training.Tests.Importers;

/// <summary>Files with random damage are imported or refused by <see cref="ImportException"/>; nothing else ever comes out.</summary>
public sealed class DamagedFilesTests
{
    private const int Damages = 150;
    private const string Telling = "\",\n\r\t:{}[]|\0 -";

    public static TheoryData<string, string> GoodFiles => new()
    {
        { "ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.5,964982703\n2,\"1\",3,964982704\n1,1,5,964982705\n" },
        { "movies.csv", "movieId,title,genres\n1,\"Film, The (1999)\",Crime|Drama\n2,Größe (2001),(no genres listed)\n" },
        { "ratings.dat", "1::1::7::1365029107\n2::1::10::1366576639\n" },
        { "interactions.csv", "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE\nu,i,964982703,click,\nu,j,964982704,buy,2.5\n" },
        { "items.csv", "ITEM_ID,TITLE,GENRES,PRICE,CREATION_TIMESTAMP\ni,\"A \"\"B\"\"\",x|y,2.5,964982703\nj,Ö,,,\n" },
        { "items.jsonl", """{"ItemId":"i","IsHidden":false,"Categories":["x"],"Timestamp":"2026-01-01T00:00:00Z","Labels":{"a":[1,2]},"Comment":"ü"}""" + "\n" },
        { "feedback.jsonl", """{"FeedbackType":"like","UserId":"u","ItemId":"i","Value":2.5,"Timestamp":"2026-01-01T00:00:00Z"}""" + "\n" },
        { "retail.tsv", "InvoiceNo\tStockCode\tDescription\tQuantity\tInvoiceDate\tUnitPrice\tCustomerID\tCountry\n1\t10\tCUP\t6\t1291191960\t2.5\t7\tUK\nC2\t10\tCUP\t-2\t1291191970\t2.5\t7\tUK\n" },
        { "lists.txt", "u1 i1 i2 i3\nu2 i1\n" },
    };

    [Theory]
    [MemberData(nameof(GoodFiles))]
    public async Task Random_damage_is_imported_or_refused_with_the_files_name(string file, string content)
    {
        var random = new Random(file.Length);
        using var folder = new SourceFolder();
        WriteCompanions(folder, file);
        var good = Encoding.UTF8.GetBytes(content);
        var refused = 0;
        for (var damage = 0; damage < Damages; damage++)
        {
            var path = folder.Write(file, Damage(good, random));
            try
            {
                await DatasetImporter.ImportAsync(file == "lists.txt" ? path : folder.Root, cancellationToken: TestContext.Current.CancellationToken);
            }
            catch (ImportException failure)
            {
                refused++;
                Assert.StartsWith(folder.Root, failure.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\0', failure.Message);
            }
        }

        Assert.True(refused > Damages / 20, $"Only {refused} of {Damages} damages were noticed.");
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.Insert(at, (byte)Telling[random.Next(Telling.Length)]);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void WriteCompanions(SourceFolder folder, string file)
    {
        var companions = file switch
        {
            "ratings.csv" or "movies.csv" => ["movies.csv", "ratings.csv"],
            "ratings.dat" => ["movies.dat"],
            "items.csv" => ["interactions.csv"],
            "items.jsonl" => ["feedback.jsonl"],
            _ => Array.Empty<string>(),
        };
        foreach (var companion in companions)
        {
            folder.Write(companion, GoodFiles.Select(row => row.Data).FirstOrDefault(data => data.Item1 == companion).Item2 ?? "1::A (1999)::x\n");
        }
    }
}
