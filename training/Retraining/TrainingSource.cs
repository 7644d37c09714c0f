using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Retraining;

/// <summary>What a release is trained on.</summary>
/// <param name="Dataset">Users, items, interactions.</param>
/// <param name="CatalogueLogPosition">Position of the catalogue log up to which changes are in the items; 0: none.</param>
/// <param name="IsImport">True: from files, so archive and histories do not have it yet. False: from the archive of the store.</param>
internal sealed record TrainingSource(Dataset Dataset, long CatalogueLogPosition, bool IsImport);
