using Microsoft.Extensions.Time.Testing;
using ServerlessRec.Contracts.Blobs;
using ServerlessRec.Contracts.InMemory;
using ServerlessRec.Contracts.Privacy;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Tests.InMemory;

/// <summary>The fakes that other tests rely on keep the same contracts as the real stores.</summary>
public sealed class InMemoryUserStoreTests : UserStoreContract
{
    private readonly InMemoryUserStore _store = new();

    protected override IUserStore Open() => _store;
}

public sealed class InMemoryBlobStoreTests : BlobStoreContract
{
    private readonly FakeTimeProvider _clock = new();
    private readonly InMemoryBlobStore _store;

    public InMemoryBlobStoreTests() => _store = new InMemoryBlobStore(_clock);

    protected override IBlobStore Open() => _store;

    protected override Task<bool> TryPassTime(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.FromResult(true);
    }
}

public sealed class InMemoryPrivacyTests : PrivacyContract
{
    protected override Task<(IBlobStore Blobs, IUserStore Users)> OpenAsync() =>
        Task.FromResult<(IBlobStore, IUserStore)>((new InMemoryBlobStore(new FakeTimeProvider()), new InMemoryUserStore()));
}
