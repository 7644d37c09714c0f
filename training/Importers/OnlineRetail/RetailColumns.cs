namespace ServerlessRec.Training.Importers.OnlineRetail;

/// <summary>The columns of the table.</summary>
internal sealed class RetailColumns(RowHeader header)
{
    public Column InvoiceNo { get; } = header.Require("InvoiceNo");

    public Column StockCode { get; } = header.Require("StockCode");

    public Column Description { get; } = header.Require("Description");

    public Column Quantity { get; } = header.Require("Quantity");

    public Column InvoiceDate { get; } = header.Require("InvoiceDate");

    public Column UnitPrice { get; } = header.Require("UnitPrice");

    public Column CustomerId { get; } = header.Require("CustomerID");

    public Column Country { get; } = header.Require("Country");
}
