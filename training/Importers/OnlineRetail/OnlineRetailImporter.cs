using CsvHelper;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Importers.OnlineRetail;

/// <summary>
/// The UCI online-retail table as tab-separated file, gzip or not: InvoiceNo, StockCode, Description, Quantity, InvoiceDate (Unix
/// seconds), UnitPrice, CustomerID, Country. Purchases become feedback of type "buy" with the quantity as value; a cancellation
/// (InvoiceNo beginning with C) takes its quantity from the customer's latest purchases of that item.
/// </summary>
/// <remarks>
/// Lines without a customer still describe the item. Stock codes that do not begin with a digit are postage, fees and vouchers, not items.
/// Codes are compared in upper case: the source writes some both ways.
/// </remarks>
internal sealed class OnlineRetailImporter
{
    private readonly DatasetBuilder _builder;
    private readonly PurchaseLedger _ledger = new();
    private readonly ProductSheet _products = new();
    private long _withoutCustomer;
    private long _notItems;
    private long _withoutPrice;

    private OnlineRetailImporter(string path) => _builder = new DatasetBuilder(DatasetName.Of(path));

    public static async Task<Dataset> ImportAsync(string path, CancellationToken cancellationToken)
    {
        var importer = new OnlineRetailImporter(path);
        using var rows = RowReader.OpenWithHeader(FormatDetector.TableOf(path), '\t', CsvMode.NoEscape);
        var columns = new RetailColumns(await rows.ReadHeaderAsync(cancellationToken));
        while (await rows.ReadAsync(cancellationToken))
        {
            importer.Read(rows, columns);
        }

        return importer.Build();
    }

    private void Read(RowReader rows, RetailColumns columns)
    {
        // Every field is checked first: a line that is left out must still be well-formed.
        var isCancellation = rows.Id(columns.InvoiceNo)[0] is 'C' or 'c';
        var quantity = rows.Number(columns.Quantity, -1e7, 1e7);
        var price = rows.Number(columns.UnitPrice, -1e7, 1e7);
        var milliseconds = rows.UnixSeconds(columns.InvoiceDate);
        var code = rows.Id(columns.StockCode);
        if (!char.IsAsciiDigit(code[0]))
        {
            _notItems++;
            return;
        }

        Span<char> upper = stackalloc char[ImportLimits.MaxIdLength];
        var item = _builder.ItemNumber(upper[..code.ToUpperInvariant(upper)]);
        _products.Add(item, rows.Text(columns.Description), price);
        if (rows.Utf8Of(columns.CustomerId).IsEmpty)
        {
            _withoutCustomer++;
            return;
        }

        var user = UserNumber(rows, columns);
        if (isCancellation || quantity < 0)
        {
            _ledger.Cancel(user, item, Math.Abs(quantity));
        }
        else if (price > 0)
        {
            _ledger.Buy(user, item, quantity, milliseconds);
        }
        else
        {
            _withoutPrice++;
        }
    }

    private int UserNumber(RowReader rows, RetailColumns columns)
    {
        var user = _builder.UserNumber(rows.Id(columns.CustomerId));
        if (_builder.UserAt(user) is null)
        {
            var country = rows.Text(columns.Country);
            var labels = LabelsText.Write(labels => labels.WriteString("country", country));
            _builder.AddUser(new User(rows.Id(columns.CustomerId).ToString(), labels));
        }

        return user;
    }

    private Dataset Build()
    {
        var type = _builder.TypeNumber("buy");
        foreach (var purchase in _ledger.Kept)
        {
            _builder.Add(new Interaction(purchase.User, purchase.Item, type, (float)purchase.Quantity, purchase.UnixMilliseconds));
        }

        for (var item = 0; item < _builder.ItemCount; item++)
        {
            _builder.AddItem(_products.Describe(item, _builder.ItemId(item)));
        }

        Note(_withoutCustomer, "lines without a customer describe their item only");
        Note(_notItems, "lines of postage, fees and vouchers left out");
        Note(_withoutPrice, "gifts (price 0) left out");
        Note(_ledger.CancelledPurchases, "purchases left out because they were cancelled in full");
        Note(_ledger.UnmatchedCancellations, "cancellations of purchases that are not in the file passed over");
        return _builder.Build();
    }

    private void Note(long count, string what)
    {
        if (count > 0)
        {
            _builder.Note(FormattableString.Invariant($"{count:N0} {what}"));
        }
    }
}
