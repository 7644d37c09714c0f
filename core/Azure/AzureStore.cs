using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using ServerlessRec.Azure.Blobs;
using ServerlessRec.Azure.Clients;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Azure.Users;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Azure;

/// <summary>Everything a recommender stores, in a storage account: blobs in one container, a table row a user. Any number of processes. Thread-safe.</summary>
public sealed class AzureStore
{
    private readonly BlobContainerClient _container;
    private readonly TableUserStore _users;

    private AzureStore(BlobContainerClient container, TableUserStore users)
    {
        (_container, _users) = (container, users);
        Blobs = new AzureBlobStore(container);
    }

    /// <summary>Releases, catalogue log, feedback archive, dead letters.</summary>
    public IBlobStore Blobs { get; }

    /// <summary>A row a user.</summary>
    public IUserStore Users => _users;

    /// <summary>Opens the account's stores, making container and table where they are missing and may be made.</summary>
    /// <exception cref="FormatException">The connection string cannot be used.</exception>
    /// <exception cref="BlobStoreException">The blob service is away or refuses.</exception>
    /// <exception cref="UserStoreException">The table service is away or refuses.</exception>
    public static Task<AzureStore> OpenAsync(StoreSettings settings, CancellationToken cancellationToken) =>
        OpenAsync(settings, null, cancellationToken);

    /// <summary>
    /// The account's stores, which nothing has been asked of yet: what is there can be read at once, and what must be there to be written to
    /// <see cref="CreateAsync"/> makes.
    /// </summary>
    /// <exception cref="FormatException">The connection string cannot be used.</exception>
    public static AzureStore Connect(StoreSettings settings) => Connect(settings, null, null);

    /// <summary>Makes container and table where they are missing and may be made.</summary>
    /// <exception cref="BlobStoreException">The blob service is away or refuses.</exception>
    /// <exception cref="UserStoreException">The table service is away or refuses.</exception>
    public Task CreateAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(CreateContainerAsync(_container, cancellationToken), _users.CreateAsync(cancellationToken));

    /// <summary>The same over another transport, for tests.</summary>
    internal static async Task<AzureStore> OpenAsync(StoreSettings settings, HttpPipelineTransport? transport, CancellationToken cancellationToken)
    {
        var store = Connect(settings, transport, null);
        await store.CreateAsync(cancellationToken).ConfigureAwait(false);
        return store;
    }

    /// <summary>Stores that are there already, with other limits than usual, for tests.</summary>
    internal static AzureStore Over(StoreSettings settings, HttpPipelineTransport transport, ClientLimits limits) => Connect(settings, transport, limits);

    private static AzureStore Connect(StoreSettings settings, HttpPipelineTransport? transport, ClientLimits? limits)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var credential = new Lazy<TokenCredential>(() => SignIn.For(settings));
        var table = TableAccount.Open(settings, credential, transport, limits ?? ClientLimits.Tables);
        return new AzureStore(Container(settings, credential, transport, limits ?? ClientLimits.Blobs), new TableUserStore(table));
    }

    private static BlobContainerClient Container(StoreSettings settings, Lazy<TokenCredential> credential, HttpPipelineTransport? transport, ClientLimits limits)
    {
        var options = limits.ApplyTo(new BlobClientOptions());
        options.AddPolicy(new SendCount.Policy(), HttpPipelinePosition.PerRetry);
        if (transport is not null)
        {
            options.Transport = transport;
        }

        var service = settings.Address.Kind switch
        {
            StoreKind.Account => new BlobServiceClient(new Uri(settings.Address.Value), credential.Value, options),
            StoreKind.ConnectionString => new BlobServiceClient(settings.Address.Value, options),
            _ => throw new ArgumentException("The store is a folder, not a storage account.", nameof(settings)),
        };
        return service.GetBlobContainerClient(settings.Container);
    }

    private static async Task CreateContainerAsync(BlobContainerClient container, CancellationToken cancellationToken)
    {
        try
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException refused) when (refused.Status == 403)
        {
            // Whoever may use a container need not be allowed to make one: it may be there all the same.
        }
        catch (Exception fault) when (ServiceFault.Is(fault, cancellationToken))
        {
            throw new BlobStoreException($"Container '{container.Name}': {ServiceFault.Describe(fault)}.", fault);
        }
    }
}
