using System.Text;
using ServerlessRec.Training.Importers;

namespace ServerlessRec.Training.Tests.Importers;

/// <summary>Whatever is wrong with a file, the error names the file, the line and the thing; nothing is half imported.</summary>
public sealed class MalformedFilesTests
{
    private const string Movies = "movieId,title,genres\n1,A (1999),x\n";
    private const string Ratings = "userId,movieId,rating,timestamp\n";
    private const string Interactions = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE\n";
    private const string Retail = "InvoiceNo\tStockCode\tDescription\tQuantity\tInvoiceDate\tUnitPrice\tCustomerID\tCountry\n";
    private const string Feedback = """{"FeedbackType":"like","UserId":"u","ItemId":"i","Timestamp":"2026-01-01T00:00:00Z"}""" + "\n";

    // Latin-1 bytes stand for themselves: "\u00e9" in a bad file is the single byte E9, which is no UTF-8.
    public static TheoryData<string, string, string, string> BadFiles => new()
    {
        // MovieLens: ratings
        { "ratings.csv", Ratings + "1,1,good,100\n", "2", "rating 'good' is not a number" },
        { "ratings.csv", Ratings + "1,1,4,100\n1,1,NaN,100\n", "3", "rating NaN is not between 0 and 10" },
        { "ratings.csv", Ratings + "1,1,Infinity,100\n", "2", "rating Infinity is not between" },
        { "ratings.csv", Ratings + "1,1,-1,100\n", "2", "rating -1 is not between" },
        { "ratings.csv", Ratings + "1,1,11,100\n", "2", "rating 11 is not between" },
        { "ratings.csv", Ratings + "1,1,,100\n", "2", "rating '' is not a number" },
        { "ratings.csv", Ratings + "1,1,4,soon\n", "2", "timestamp 'soon' is not a whole number of seconds" },
        { "ratings.csv", Ratings + "1,1,4,1.5\n", "2", "timestamp '1.5' is not a whole number" },
        { "ratings.csv", Ratings + "1,1,4,-5\n", "2", "timestamp -5 is out of range" },
        { "ratings.csv", Ratings + "1,1,4,964982703000\n", "2", "milliseconds must be divided by 1000" },
        { "ratings.csv", Ratings + "1,1,4,99999999999999999999\n", "2", "is not a whole number" },
        { "ratings.csv", Ratings + "1,1,4\n", "2", "3 fields, expected 4" },
        { "ratings.csv", Ratings + "1,1,4,100,5\n", "2", "5 fields, expected 4" },
        { "ratings.csv", Ratings + "1,1,4,100\n1,1", "3", "2 fields, expected 4; is it cut off" },
        { "ratings.csv", Ratings + ",1,4,100\n", "2", "userId is empty" },
        { "ratings.csv", Ratings + "1,,4,100\n", "2", "movieId is empty" },
        { "ratings.csv", Ratings + "\n\n1,1,x,100\n", "4", "rating 'x' is not a number" },
        { "ratings.csv", Ratings + "1,1,4,100\n1,\u00e9,4,100\n", "3", "not valid UTF-8" },
        { "ratings.csv", Ratings + "1,\u00c0\u0080,4,100\n", "2", "not valid UTF-8" },
        { "ratings.csv", Ratings + "1,\u00ed\u00a0\u0080,4,100\n", "2", "not valid UTF-8" },
        { "ratings.csv", Ratings + "1,a\0b,4,100\n", "2", "movieId holds a control character" },
        { "ratings.csv", Ratings + "1,\"a\nb\",4,100\n", "2", "movieId holds a control character" },
        { "ratings.csv", Ratings + "1,\"1,4,100\n1,1,4,100\n", "2", "broken quoting: a quoted field that is never closed" },
        { "ratings.csv", Ratings + "1,\"1\"x,4,100\n", "2", "broken quoting: text after the closing quote" },
        { "ratings.csv", Ratings + $"{new string('u', 257)},1,4,100\n", "2", "userId is longer than 256 characters" },
        { "ratings.csv", Ratings + $"1,{new string('m', 3_000_000)},4,100\n", "2", "the row is longer than 1048576 bytes" },
        { "ratings.csv", "", "1", "the file is empty" },
        { "ratings.csv", "userId,movieId,rating\n1,1,4\n", "1", "column 'timestamp' is missing" },
        { "ratings.csv", "userId;movieId;rating;timestamp\n1;1;4;100\n", "1", "column 'userId' is missing" },
        { "ratings.csv", "userId,userId,movieId,rating,timestamp\n1,1,1,4,100\n", "1", "column 'userId' stands twice" },
        { "ratings.csv", Ratings, "", "there is no interaction in it" },

        // MovieLens: movies, tags
        { "movies.csv", "movieId,title,genres\n1,A,x\n1,B,y\n", "3", "movieId stands twice" },
        { "movies.csv", "movieId,title,genres\n1,A\n", "2", "2 fields, expected 3" },
        { "movies.csv", "movieId,title,genres\n1,The, Film,x\n", "2", "4 fields, expected 3" },
        { "movies.csv", "movieId,title\n1,A\n", "1", "column 'genres' is missing" },
        { "movies.csv", "movieId,title,genres\n1,\"A,x\n", "2", "broken quoting: a quoted field that is never closed" },
        { "tags.csv", "userId,movieId,tag,timestamp\n1,,fun,5\n", "2", "movieId is empty" },
        { "tags.csv", "userId,movieId,tag,timestamp\n1,1,\u00ff\u00fe,5\n", "2", "not valid UTF-8" },

        // MovieTweetings
        { "ratings.dat", "1::1::4::100\n1::1::4\n", "2", "3 fields, expected 4" },
        { "ratings.dat", "1,1,4,100\n", "1", "1 fields, expected 4" },
        { "ratings.dat", "1::1::four::100\n", "1", "rating 'four' is not a number" },
        { "ratings.dat", "1::1::4::1e9\n", "1", "timestamp '1e9' is not a whole number" },
        { "ratings.dat", "::1::4::100\n", "1", "user id is empty" },
        { "ratings.dat", "1::1::4::100\n1::\u00e9::4::100\n", "2", "not valid UTF-8" },
        { "ratings.dat", "1::1\u001f::4::100\n", "1", "the file holds the control character U+001F" },
        { "movies.dat", "1::A::x\n1::B::x\n", "2", "movie id stands twice" },
        { "movies.dat", "1::A\n", "1", "2 fields, expected 3" },
        { "movies.dat", "1::Pok\u00e9mon (1998)::x\n", "1", "not valid UTF-8" },

        // Personalize
        { "interactions.csv", Interactions + "u,i,100,click,high\n", "2", "EVENT_VALUE 'high' is not a number" },
        { "interactions.csv", Interactions + "u,i,100,click,NaN\n", "2", "EVENT_VALUE NaN is not between" },
        { "interactions.csv", Interactions + "u,i,100,click,1e300\n", "2", "EVENT_VALUE 1e300 is not between" },
        { "interactions.csv", Interactions + "u,i,100,,1\n", "2", "EVENT_TYPE is empty" },
        { "interactions.csv", Interactions + $"u,i,100,{new string('t', 65)},1\n", "2", "EVENT_TYPE is longer than 64 characters" },
        { "interactions.csv", Interactions + "u,i,2026-01-01,click,1\n", "2", "TIMESTAMP '2026-01-01' is not a whole number of seconds" },
        { "interactions.csv", Interactions + "u,i,4102444801,click,1\n", "2", "TIMESTAMP 4102444801 is out of range" },
        { "interactions.csv", Interactions + "u,i,100,click\n", "2", "4 fields, expected 5" },
        { "interactions.csv", "USER_ID,ITEM_ID\nu,i\n", "1", "column 'TIMESTAMP' is missing" },
        { "items.csv", "ITEM_ID,CREATION_TIMESTAMP\ni,yesterday\n", "2", "CREATION_TIMESTAMP 'yesterday' is not a whole number" },
        { "items.csv", "ITEM_ID,GENRES\ni,a|b\ni,c\n", "3", "ITEM_ID stands twice" },
        { "items.csv", "ITEM_ID,GENRES,GENRES\ni,a,b\n", "1", "column 'GENRES' stands twice" },
        { "users.csv", "USER_ID,AGE\nu,5\nu,6\n", "3", "USER_ID stands twice" },
        { "users.csv", "USER_ID,AGE\n,5\n", "2", "USER_ID is empty" },
        { "other.csv", "A,B\n1,2\n", "1", "neither USER_ID nor ITEM_ID" },
        { "more-interactions.csv", Interactions + "u,i,100,click,1\n", "", "holds interactions (USER_ID and ITEM_ID) too" },

        // Gorse
        { "feedback.jsonl", Feedback + "{\"FeedbackType\":\"like\",\n", "2", "not one valid JSON object" },
        { "feedback.jsonl", Feedback + "[]\n", "2", "expected one JSON object a line, found Array" },
        { "feedback.jsonl", Feedback + "null\n", "2", "expected one JSON object a line, found Null" },
        { "feedback.jsonl", Feedback + Feedback.TrimEnd() + Feedback, "2", "not one valid JSON object" },
        { "feedback.jsonl", Feedback.Replace("\"u\"", "5", StringComparison.Ordinal), "1", "UserId must be a JSON String, found Number" },
        { "feedback.jsonl", Feedback.Replace("\"u\"", "\"\"", StringComparison.Ordinal), "1", "UserId is missing or empty" },
        { "feedback.jsonl", Feedback.Replace("\"u\"", "null", StringComparison.Ordinal), "1", "UserId is missing or empty" },
        { "feedback.jsonl", Feedback.Replace("\"i\"", "\"\\uD800\"", StringComparison.Ordinal), "1", "ItemId is not valid text" },
        { "feedback.jsonl", Feedback.Replace("\"i\"", "\"\\u0000\"", StringComparison.Ordinal), "1", "ItemId holds a control character" },
        { "feedback.jsonl", Feedback.Replace("\"i\"", "\"\u00e9\"", StringComparison.Ordinal), "1", "not valid UTF-8" },
        { "feedback.jsonl", Feedback.Replace("like", new string('l', 65), StringComparison.Ordinal), "1", "FeedbackType is longer than 64 characters" },
        { "feedback.jsonl", Feedback.Replace("2026-01-01T00:00:00Z", "yesterday", StringComparison.Ordinal), "1", "Timestamp 'yesterday' is not a time" },
        { "feedback.jsonl", Feedback.Replace("2026-01-01T00:00:00Z", "2026-02-30T00:00:00Z", StringComparison.Ordinal), "1", "is not a time" },
        { "feedback.jsonl", Feedback.Replace("2026-01-01T00:00:00Z", "1926-01-01T00:00:00Z", StringComparison.Ordinal), "1", "not between the years" },
        { "feedback.jsonl", Feedback.Replace("2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", StringComparison.Ordinal), "1", "Timestamp is missing" },
        { "feedback.jsonl", Feedback.Replace("\"Timestamp\"", "\"Time\"", StringComparison.Ordinal), "1", "Timestamp is missing" },
        { "feedback.jsonl", Feedback.Replace("}", ",\"Value\":\"3\"}", StringComparison.Ordinal), "1", "Value must be a JSON Number, found String" },
        { "feedback.jsonl", Feedback.Replace("}", ",\"Value\":NaN}", StringComparison.Ordinal), "1", "not one valid JSON object" },
        { "feedback.jsonl", Feedback.Replace("}", ",\"Value\":1e300}", StringComparison.Ordinal), "1", "Value 1e300 is out of range" },
        { "feedback.jsonl", Feedback.Replace("}", ",\"UserId\":\"v\"}", StringComparison.Ordinal), "1", "not one valid JSON object" },
        { "feedback.jsonl", Feedback + $"{{\"UserId\":\"{new string('x', 2_000_000)}\"}}\n", "2", "the line is longer than 1048576 bytes" },
        { "feedback.jsonl", "", "", "there is no interaction in it" },
        { "items.jsonl", "{\"ItemId\":\"i\"}\n{\"ItemId\":\"i\"}\n", "2", "ItemId stands twice" },
        { "items.jsonl", "{\"ItemId\":\"i\",\"Categories\":\"a\"}\n", "1", "Categories must be a JSON Array, found String" },
        { "items.jsonl", "{\"ItemId\":\"i\",\"Categories\":[\"a\",5]}\n", "1", "Categories must hold strings, found Number" },
        { "items.jsonl", "{\"ItemId\":\"i\",\"IsHidden\":\"yes\"}\n", "1", "IsHidden must be true or false, found String" },
        { "items.jsonl", "{\"ItemId\":\"i\",\"Labels\":" + new string('[', 100) + new string(']', 100) + "}\n", "1", "not one valid JSON object" },
        { "users.jsonl", "{\"UserId\":\"u\"}\n\n{\"UserId\":\"u\"}\n", "3", "UserId stands twice" },
        { "users.jsonl", "{\"UserId\":\"u\",\"Comment\":[]}\n", "1", "Comment must be a JSON String, found Array" },
        { "users.jsonl", "UserId,Labels\nu,x\n", "1", "not one valid JSON object" },

        // Online retail
        { "retail.tsv", Retail + "1\t10\tCUP\tmany\t100\t2.5\t7\tUK\n", "2", "Quantity 'many' is not a number" },
        { "retail.tsv", Retail + "1\t10\tCUP\tNaN\t100\t2.5\t7\tUK\n", "2", "Quantity NaN is not between" },
        { "retail.tsv", Retail + "1\t10\tCUP\t1\t100\tfree\t7\tUK\n", "2", "UnitPrice 'free' is not a number" },
        { "retail.tsv", Retail + "1\t10\tCUP\t1\t2010-12-01 08:26\t2.5\t7\tUK\n", "2", "InvoiceDate '2010-12-01 08:26' is not a whole number" },
        { "retail.tsv", Retail + "1\t\tCUP\t1\t100\t2.5\t7\tUK\n", "2", "StockCode is empty" },
        { "retail.tsv", Retail + "\t10\tCUP\t1\t100\t2.5\t7\tUK\n", "2", "InvoiceNo is empty" },
        { "retail.tsv", Retail + "1\t10\tCUP\t1\t100\t2.5\t7\n", "2", "7 fields, expected 8" },
        { "retail.tsv", Retail + "1\tPOST\tpostage\tx\t100\t2.5\t7\tUK\n", "2", "Quantity 'x' is not a number" },
        { "retail.tsv", Retail.Replace("CustomerID", "Customer", StringComparison.Ordinal), "1", "column 'CustomerID' is missing" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task A_bad_file_gives_its_name_its_line_and_what_is_wrong(string file, string content, string line, string problem)
    {
        using var folder = new SourceFolder();
        WriteGoodCompanions(folder, file);
        var path = folder.Write(file, Encoding.Latin1.GetBytes(content));

        var failure = await Assert.ThrowsAsync<ImportException>(() =>
            DatasetImporter.ImportAsync(folder.Root, cancellationToken: TestContext.Current.CancellationToken));

        var place = problem.StartsWith("there is no interaction", StringComparison.Ordinal) ? folder.Root : path;
        Assert.StartsWith(line.Length == 0 ? $"{place}: " : $"{place}:{line}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Message.Length < place.Length + 300, "The message must not carry the bad value at length.");
    }

    [Fact]
    public async Task A_compressed_file_that_is_cut_off_says_so()
    {
        using var folder = new SourceFolder();
        var rows = new StringBuilder(Retail);
        var random = new Random(1);
        for (var row = 0; row < 5000; row++)
        {
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row}\t{random.Next(10000)}\tCUP {random.Next()}\t1\t100\t2.5\t7\tUK\n");
        }

        var whole = Compress(Encoding.UTF8.GetBytes(rows.ToString()));
        var path = folder.Write("retail.tsv.gz", whole[..(whole.Length / 2)]);

        var failure = await Assert.ThrowsAsync<ImportException>(() =>
            DatasetImporter.ImportAsync(path, cancellationToken: TestContext.Current.CancellationToken));

        Assert.StartsWith($"{path}:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_only_claims_to_be_compressed_is_refused()
    {
        using var folder = new SourceFolder();
        var path = folder.Write("retail.tsv.gz", Retail);

        var failure = await Assert.ThrowsAsync<ImportException>(() =>
            DatasetImporter.ImportAsync(path, cancellationToken: TestContext.Current.CancellationToken));

        Assert.StartsWith($"{path}:1: the compressed data is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ratings.csv", "movies.csv")]
    [InlineData("ratings.dat", "movies.dat")]
    public async Task A_missing_companion_is_named(string present, string missing)
    {
        using var folder = new SourceFolder();
        folder.Write(present, "x");

        var failure = await Assert.ThrowsAsync<ImportException>(() =>
            DatasetImporter.ImportAsync(folder.Root, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal($"{Path.Combine(folder.Root, missing)}: the file is missing", failure.Message);
    }

    [Fact]
    public async Task An_unknown_form_lists_the_known_ones()
    {
        using var folder = new SourceFolder();
        var path = folder.Write("data.parquet", "x");

        foreach (var wrong in new[] { path, folder.Root })
        {
            var failure = await Assert.ThrowsAsync<ImportException>(() =>
                DatasetImporter.ImportAsync(wrong, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Contains("MovieLens", failure.Message, StringComparison.Ordinal);
            Assert.Contains("Personalize", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_path_that_does_not_exist_is_named()
    {
        var failure = await Assert.ThrowsAsync<ImportException>(() =>
            DatasetImporter.ImportAsync("no-such-place", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("no-such-place: there is no such file or folder", failure.Message);
    }

    [Fact]
    public async Task Two_tables_in_a_folder_are_not_guessed_between()
    {
        using var folder = new SourceFolder();
        folder.Write("a.tsv", Retail);
        folder.Write("b.tsv", Retail);

        var failure = await Assert.ThrowsAsync<ImportException>(() =>
            DatasetImporter.ImportAsync(folder.Root, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("found 2", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(buffer, System.IO.Compression.CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }

    private static void WriteGoodCompanions(SourceFolder folder, string file)
    {
        switch (Path.GetExtension(file), file)
        {
            case (".csv", "ratings.csv" or "movies.csv" or "tags.csv"):
                folder.Write("movies.csv", Movies);
                folder.Write("ratings.csv", Ratings + "1,1,4,100\n");
                break;
            case (".dat", _):
                folder.Write("movies.dat", "1::A (1999)::x\n");
                folder.Write("ratings.dat", "1::1::4::100\n");
                break;
            case (".csv", _):
                folder.Write("interactions.csv", Interactions + "u,i,100,click,1\n");
                break;
            case (".jsonl", _):
                folder.Write("feedback.jsonl", Feedback);
                break;
        }
    }
}
