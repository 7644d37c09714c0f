using ServerlessRec.Training.Data;
using ServerlessRec.Training.Importers;

namespace ServerlessRec.Training.Tests.Importers;

public sealed class OnlineRetailTests
{
    private const string Header = "InvoiceNo\tStockCode\tDescription\tQuantity\tInvoiceDate\tUnitPrice\tCustomerID\tCountry\n";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Purchases_keep_quantity_and_items_their_usual_description_and_last_price()
    {
        var dataset = await ImportAsync(
            "1\t10a\tRED CUP\t6\t100\t2.5\t7\tUK\n"
            + "2\t10A\t?\t-1\t150\t0\t\tUK\n"
            + "3\t10A\tRED CUP\t2\t200\t3\t8\tFrance\n"
            + "3\tPOST\tPOSTAGE\t1\t200\t18\t8\tFrance\n");

        var item = Assert.Single(dataset.Items);
        Assert.Equal(("10A", "RED CUP", """{"price":3}"""), (item.ItemId, item.Comment, item.LabelsJson));
        Assert.Equal([6f, 2f], dataset.Interactions.Select(i => i.Value));
        Assert.Equal(["buy"], dataset.FeedbackTypes);
        Assert.Equal("""{"country":"France"}""", dataset.Users[1].LabelsJson);
        Assert.Contains(dataset.Notes, note => note.StartsWith("1 lines of postage", StringComparison.Ordinal));
        Assert.Contains(dataset.Notes, note => note.StartsWith("1 lines without a customer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancellation_takes_from_the_latest_purchase_first()
    {
        var dataset = await ImportAsync(
            "1\t10\tCUP\t6\t100\t2\t7\tUK\n2\t10\tCUP\t4\t200\t2\t7\tUK\nC3\t10\tCUP\t-5\t300\t2\t7\tUK\n");

        Assert.Equal((5f, 100_000L), (Assert.Single(dataset.Interactions).Value, dataset.Interactions[0].UnixMilliseconds));
    }

    [Fact]
    public async Task A_cancellation_of_another_customer_or_item_takes_nothing()
    {
        var dataset = await ImportAsync(
            "1\t10\tCUP\t6\t100\t2\t7\tUK\nC2\t10\tCUP\t-6\t300\t2\t8\tUK\nC3\t11\tPOT\t-6\t300\t2\t7\tUK\n");

        Assert.Equal(6f, Assert.Single(dataset.Interactions).Value);
        Assert.Contains(dataset.Notes, note => note.StartsWith("2 cancellations", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_of_one_invoice_for_one_item_are_one_purchase()
    {
        var dataset = await ImportAsync("1\t10\tCUP\t6\t100\t2\t7\tUK\n1\t10\tCUP\t3\t100\t2\t7\tUK\n");

        Assert.Equal(9f, Assert.Single(dataset.Interactions).Value);
    }

    [Fact]
    public async Task The_online_retail_file_is_read_from_its_folder()
    {
        var dataset = await DatasetImporter.ImportAsync(SharedData.Require("online-retail"), cancellationToken: Stop);

        Assert.Equal("online-retail", dataset.Name);
        Assert.InRange(dataset.Users.Count, 4300, 4372);
        Assert.InRange(dataset.Items.Count, 3500, 4000);
        Assert.InRange(dataset.Interactions.Count, 370_000, 400_000);
        Assert.Contains(dataset.Items, item => item.ItemId == "85123A" && item.Comment == "WHITE HANGING HEART T-LIGHT HOLDER");
        Assert.All(dataset.Interactions, i => Assert.True(i.Value > 0));
    }

    private static async Task<Dataset> ImportAsync(string rows)
    {
        using var folder = new SourceFolder();
        return await DatasetImporter.ImportAsync(folder.Write("retail.tsv", Header + rows), cancellationToken: Stop);
    }
}
