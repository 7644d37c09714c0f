using ServerlessRec.Azure.Settings;
using ServerlessRec.Training.Publishing;

namespace ServerlessRec.Training.Cli;

/// <summary>A store that is read: a wrong folder is refused and not made.</summary>
internal static class ExistingStore
{
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FormatException">The store is named wrongly.</exception>
    public static Task<TrainingStore> OpenAsync(string store, TimeProvider clock, CancellationToken cancellationToken) =>
        StoreAddress.Parse(store) is { Kind: StoreKind.Folder } address && !Directory.Exists(address.Value)
            ? throw new DirectoryNotFoundException($"There is no folder '{address.Value}'.")
            : TrainingStore.OpenAsync(store, clock, cancellationToken);
}
