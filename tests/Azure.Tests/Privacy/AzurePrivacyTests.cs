using ServerlessRec.Azure.Tests.Fixtures;
using ServerlessRec.Contracts.Privacy;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Azure.Tests.Privacy;

public sealed class AzurePrivacyTests(SharedAzurite azurite) : PrivacyContract
{
    protected override async Task<(IBlobStore Blobs, IUserStore Users)> OpenAsync()
    {
        var store = await AzureStore.OpenAsync(azurite.NewStore(), Cancel);
        return (store.Blobs, store.Users);
    }
}
