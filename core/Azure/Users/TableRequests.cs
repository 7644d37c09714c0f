using Azure.Core;
using Azure.Core.Pipeline;
using ServerlessRec.Azure.Clients;

namespace ServerlessRec.Azure.Users;

/// <summary>The table service's requests that the user store needs (REST version 2019-02-02, JSON without metadata). Thread-safe.</summary>
/// <param name="pipeline">Signs, repeats, limits.</param>
/// <param name="endpoint">The account's table address, without a slash at its end.</param>
/// <param name="table">The table.</param>
internal sealed class TableRequests(HttpPipeline pipeline, string endpoint, string table)
{
    private const string Version = "2019-02-02";

    /// <summary>The table's name.</summary>
    public string Table => table;

    /// <summary>Makes the table; 409: it is there.</summary>
    public ValueTask<HttpMessage> CreateTableAsync(CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Post, "/Tables", System.Text.Encoding.UTF8.GetBytes($"{{\"TableName\":\"{table}\"}}"), null, cancellationToken);

    /// <summary>Reads a row: 200 or 404.</summary>
    public ValueTask<HttpMessage> ReadAsync(UserKey key, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Get, Path(key), default, null, cancellationToken);

    /// <summary>Makes a row: 204, or 409 where it is there.</summary>
    public ValueTask<HttpMessage> InsertAsync(ReadOnlyMemory<byte> row, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Post, "/" + table, row, null, cancellationToken);

    /// <summary>Replaces a row's version: 204, 412 where it has another, or 404.</summary>
    public ValueTask<HttpMessage> ReplaceAsync(UserKey key, ReadOnlyMemory<byte> row, string etag, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Put, Path(key), row, etag, cancellationToken);

    /// <summary>Deletes a row, whatever its version: 204 or 404.</summary>
    public ValueTask<HttpMessage> DeleteAsync(UserKey key, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Delete, Path(key), default, "*", cancellationToken);

    /// <summary>Rows in the order of their keys, from a continuation on: 200, with the next continuation in the headers.</summary>
    public ValueTask<HttpMessage> ListAsync(string filter, int count, string? nextPartition, string? nextRow, CancellationToken cancellationToken)
    {
        var path = FormattableString.Invariant($"/{table}()?$filter={Uri.EscapeDataString(filter)}&$top={count}");
        if (nextPartition is not null)
        {
            path += $"&NextPartitionKey={Uri.EscapeDataString(nextPartition)}";
        }

        if (nextRow is not null)
        {
            path += $"&NextRowKey={Uri.EscapeDataString(nextRow)}";
        }

        return SendAsync(RequestMethod.Get, path, default, null, cancellationToken);
    }

    private string Path(UserKey key) => $"/{table}(PartitionKey='{key.Partition}',RowKey='{Uri.EscapeDataString(key.Row)}')";

    private async ValueTask<HttpMessage> SendAsync(
        RequestMethod method, string path, ReadOnlyMemory<byte> body, string? ifMatch, CancellationToken cancellationToken)
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(endpoint + path));
        message.Request.Headers.Add("x-ms-version", Version);
        message.Request.Headers.Add("DataServiceVersion", "3.0");
        message.Request.Headers.Add("Accept", "application/json;odata=nometadata");
        if (ifMatch is not null)
        {
            message.Request.Headers.Add("If-Match", ifMatch);
        }

        if (!body.IsEmpty)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Headers.Add("Prefer", "return-no-content");
            message.Request.Content = RequestContent.Create(body);
        }

        try
        {
            await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
            return message;
        }
        catch (Exception fault)
        {
            message.Dispose();
            throw ServiceFault.Is(fault, cancellationToken) ? TableFault.Of(table, fault) : fault;
        }
    }
}
