using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Recommender.Tests.Releases;

public sealed class ReleaseManifestJsonTests
{
    private static readonly ReleaseFile File = new("items.bin", 5, new string('a', 64));

    private static readonly ReleaseManifest Manifest = new()
    {
        Format = 1,
        Id = "x",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Origin = "train",
        TowerVersion = "v",
        Dimensions = 8,
        ItemCount = 1,
        Files = [File],
    };

    [Fact]
    public void A_manifest_is_read_back_as_it_was_written()
    {
        var bytes = ReleaseManifestJson.Write(Manifest);
        Assert.Equal(bytes, ReleaseManifestJson.Write(ReleaseManifestJson.Read(bytes)));
    }

    [Fact]
    public void A_manifest_that_makes_no_sense_is_refused_though_its_checksum_is_right()
    {
        foreach (var bad in (ReleaseManifest[])
        [
            Manifest with { Format = 2 },
            Manifest with { Dimensions = 0 },
            Manifest with { ItemCount = -1 },
            Manifest with { Files = null! },
            Manifest with { Files = [null!] },
            Manifest with { Files = [File, File] },
            Manifest with { Files = [File with { Name = "../x" }] },
            Manifest with { Files = [File with { Length = -1 }] },
            Manifest with { Files = [File with { Sha256 = "" }] },
            Manifest with { Notes = null! },
        ])
        {
            Assert.Throws<InvalidDataException>(() => ReleaseManifestJson.Read(ReleaseManifestJson.Write(bad)));
        }
    }
}
