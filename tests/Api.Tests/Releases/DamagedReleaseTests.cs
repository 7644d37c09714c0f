using System.Net;
using ServerlessRec.Api.Tests.Fixtures;
using ServerlessRec.Recommender.Blobs;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Api.Tests.Releases;

public sealed class DamagedReleaseTests
{
    [Theory]
    [InlineData("user-tower.onnx")]
    [InlineData("item-tower.onnx")]
    [InlineData("features.json")]
    [InlineData("index.snapshot")]
    [InlineData("items.bin")]
    [InlineData("manifest.json")]
    public async Task A_release_with_a_flipped_byte_is_refused_and_the_old_one_serves_on(string file)
    {
        var (damaged, old) = ("", "");
        await using var server = await TestServer.StartAsync(prepare: async blobs =>
        {
            damaged = await TinyRelease.PublishAsync(blobs);
            old = await TinyRelease.PublishAsync(blobs);
        });
        await server.WaitUntilReadyAsync();
        await FlipAsync(server.Blobs, $"releases/{damaged}/{file}");

        using var promote = await server.Client.PostAsync($"/api/admin/releases/{damaged}/promote", null, TestContext.Current.CancellationToken);
        var told = await promote.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Conflict, promote.StatusCode);
        Assert.Contains(file, told);
        using var answer = await server.Client.GetAsync("/api/recommend/u1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(old, answer.Headers.GetValues("X-Release").Single());
    }

    [Fact]
    public async Task A_damaged_release_that_another_process_promotes_is_refused_too()
    {
        var (damaged, old) = ("", "");
        await using var server = await TestServer.StartAsync(prepare: async blobs =>
        {
            damaged = await TinyRelease.PublishAsync(blobs);
            old = await TinyRelease.PublishAsync(blobs);
        });
        await server.WaitUntilReadyAsync();
        await FlipAsync(server.Blobs, $"releases/{damaged}/items.bin");

        await new ReleaseStore(server.Blobs, TimeProvider.System).PromoteAsync(damaged, TestContext.Current.CancellationToken);

        await HotSwapTests.WaitForAsync(async () =>
            (await server.Client.JsonAsync("/api/admin/releases")).GetProperty("Problem").GetString()?.Contains("items.bin", StringComparison.Ordinal) == true);
        Assert.Equal(old, (await server.Client.JsonAsync("/api/health/ready")).GetProperty("Release").GetString());
    }

    private static async Task FlipAsync(IBlobStore blobs, string path)
    {
        var content = await blobs.ReadAsync(path, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"No {path}");
        var bytes = content.Bytes.ToArray();
        bytes[bytes.Length / 2] ^= 0x40;
        using var stream = new MemoryStream(bytes);
        await blobs.WriteAsync(path, stream, WriteCondition.None, TestContext.Current.CancellationToken);
    }
}
