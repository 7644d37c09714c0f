namespace ServerlessRec.Azure.Settings;

/// <summary>Which kind of store a <c>--store</c> names.</summary>
public enum StoreKind
{
    /// <summary>A folder of this machine.</summary>
    Folder,

    /// <summary>A storage account named by its blob address; whoever runs the process signs in.</summary>
    Account,

    /// <summary>A storage account, or Azurite, named by a connection string.</summary>
    ConnectionString,
}

/// <summary>
/// Where the stores are, as <c>--store</c> says it: a folder, <c>https://ACCOUNT.blob.core.windows.net</c>, <c>UseDevelopmentStorage=true</c>
/// (Azurite on its usual ports) or a connection string.
/// </summary>
public sealed record StoreAddress
{
    private StoreAddress(StoreKind kind, string value) => (Kind, Value) = (kind, value);

    /// <summary>The kind.</summary>
    public StoreKind Kind { get; }

    /// <summary>The folder, address or connection string. A connection string is a secret: log the address itself instead.</summary>
    public string Value { get; }

    /// <summary>Tells the kinds apart.</summary>
    /// <exception cref="FormatException">It is none of them; the message says what is wrong, without the value.</exception>
    public static StoreAddress Parse(string store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var text = store.Trim();
        if (text.Length == 0)
        {
            throw new FormatException("The store is empty: name a folder, https://ACCOUNT.blob.core.windows.net or a connection string.");
        }

        if (text.StartsWith("UseDevelopmentStorage=", StringComparison.OrdinalIgnoreCase)
            || text.Contains("AccountName=", StringComparison.OrdinalIgnoreCase)
            || text.Contains("BlobEndpoint=", StringComparison.OrdinalIgnoreCase))
        {
            return new(StoreKind.ConnectionString, text);
        }

        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return new(StoreKind.Account, AccountUri(text).AbsoluteUri);
        }

        return new(StoreKind.Folder, text);
    }

    /// <summary>What may stand in a log: no secret.</summary>
    public override string ToString() => Kind == StoreKind.ConnectionString ? "storage account by connection string" : Value;

    private static Uri AccountUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.AbsolutePath == "/"
            && uri.Host.Contains(".blob.", StringComparison.OrdinalIgnoreCase) && uri.Query.Length == 0
            ? uri
            : throw new FormatException(
                "A store that begins with http must be the blob address of a storage account, such as https://ACCOUNT.blob.core.windows.net, "
                + "without path, query or signature; the container is a setting of its own.");
}
