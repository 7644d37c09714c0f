using ServerlessRec.Azure;
using ServerlessRec.Azure.Settings;
using ServerlessRec.Embedded;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Training.Publishing;

/// <summary>
/// The store that `--store` names, open: a folder or a storage account. Container, table and identity come from the same environment variables
/// as the servers'.
/// </summary>
internal sealed class TrainingStore : IAsyncDisposable
{
    private readonly IDisposable? _opened;

    private TrainingStore(IBlobStore blobs, IUserStore users, IDisposable? opened) => (Blobs, Users, _opened) = (blobs, users, opened);

    /// <summary>Releases, archive.</summary>
    public IBlobStore Blobs { get; }

    /// <summary>Users.</summary>
    public IUserStore Users { get; }

    /// <exception cref="FormatException">The store, container or table is named wrongly.</exception>
    public static async Task<TrainingStore> OpenAsync(string store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var address = StoreAddress.Parse(store);
        if (address.Kind == StoreKind.Folder)
        {
            var embedded = EmbeddedStore.Open(address.Value, clock);
            return new(embedded.Blobs, embedded.Users, embedded);
        }

        var settings = new StoreSettings
        {
            Address = address,
            Container = Variable("CONTAINER") ?? StoreSettings.DefaultContainer,
            UsersTable = Variable("USERS_TABLE") ?? StoreSettings.DefaultUsersTable,
            ClientId = Variable("CLIENT_ID"),
        };
        var account = await AzureStore.OpenAsync(settings, cancellationToken).ConfigureAwait(false);
        return new(account.Blobs, account.Users, null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _opened?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable("SERVERLESSREC_" + name) is { Length: > 0 } value ? value : null;
}
