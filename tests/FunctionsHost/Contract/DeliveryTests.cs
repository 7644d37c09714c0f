using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ServerlessRec.Api.Triggers;
using ServerlessRec.FunctionsHost.Doors;
using ServerlessRec.FunctionsHost.Host;

namespace ServerlessRec.FunctionsHost.Contract;

/// <summary>Batches and timers as a host hands them over, through both doors that stand under one.</summary>
public sealed class DeliveryTests(SeededStore seeded)
{
    private static readonly string[] Readers = ["r1", "r2", "r3", "r4", "r5"];

    private readonly string _store = seeded.Copy();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(FunctionsDoors.Names), MemberType = typeof(FunctionsDoors))]
    public async Task A_batch_changes_histories_and_its_bad_events_become_dead_letters(string name)
    {
        await using var door = await FunctionsDoors.OpenAsync(name, _store);
        string[] bad = ["", "no JSON", "{\"FeedbackType\":\"click\",\"UserId\":\"r1\"}", "\uFFFD\uFFFD", "[]", "{\"FeedbackType\":\"click\",\"UserId\":\"r1\",\"ItemId\":\"\uFFFD"];
        var good = HubEvents.Clicks(3, 0, Readers).Bodies;
        var batch = new HubEvents(3, 100, [good[0], bad[0], bad[1], good[1], bad[2], good[2], bad[3], good[3], bad[4], good[4], bad[5]]);

        Assert.Equal(0, await door.DeliverAsync(batch, Stop));
        Assert.Equal(0, await door.DeliverAsync(batch, Stop));

        await AssertAppliedOnceAsync(door);
        var letters = await door.Client.GetFromJsonAsync<JsonElement>("/api/admin/dead-letters?n=100", Stop);
        Assert.Equal([101, 102, 104, 106, 108, 110], letters.EnumerateArray().Select(letter => letter.GetProperty("Sequence").GetInt64()).Order());
        Assert.All(letters.EnumerateArray(), letter => Assert.Equal(3, letter.GetProperty("Partition").GetInt32()));
    }

    [Theory]
    [MemberData(nameof(FunctionsDoors.Names), MemberType = typeof(FunctionsDoors))]
    public async Task A_batch_fails_when_not_even_parking_works_and_counts_once_when_it_comes_again(string name)
    {
        await using var door = await FunctionsDoors.OpenAsync(name, _store);
        string[] obstacles = [Path.Combine(_store, "blobs", "feedback"), Path.Combine(_store, "blobs", "parked")];
        Array.ForEach(obstacles, obstacle => File.WriteAllText(obstacle, "in the way of a folder"));
        var batch = HubEvents.Clicks(0, 7, Readers);

        Assert.False(await door.DeliverOnceAsync(batch, 0, Stop));
        Array.ForEach(obstacles, File.Delete);
        Assert.Equal(0, await door.DeliverAsync(batch, Stop));

        await AssertAppliedOnceAsync(door);
    }

    [Theory]
    [MemberData(nameof(FunctionsDoors.Names), MemberType = typeof(FunctionsDoors))]
    public async Task What_a_store_refuses_is_parked_and_the_timer_tries_it_again(string name)
    {
        await using var door = await FunctionsDoors.OpenAsync(name, _store);
        var obstacle = Path.Combine(_store, "blobs", "feedback");
        await File.WriteAllTextAsync(obstacle, "in the way of the archive", Stop);

        Assert.Equal(0, await door.DeliverAsync(HubEvents.Clicks(0, 7, Readers), Stop));
        Assert.NotEmpty(Parked());
        File.Delete(obstacle);
        Assert.True(await door.RunTimerAsync(TriggerNames.ReplayParked, Stop), door.Output);

        Assert.Empty(Parked());
        Assert.NotEmpty(Directory.GetFiles(obstacle, "p0.jsonl", SearchOption.AllDirectories));
        await AssertAppliedOnceAsync(door);
    }

    [Theory]
    [MemberData(nameof(FunctionsDoors.Names), MemberType = typeof(FunctionsDoors))]
    public async Task A_process_that_is_killed_in_the_middle_of_a_batch_loses_nothing(string name)
    {
        await using var door = await FunctionsDoors.OpenAsync(name, _store);
        var batch = HubEvents.Clicks(1, 40, Readers);
        Task<bool> delivery;
        await using (await BlockWritesAsync())
        {
            delivery = door.DeliverOnceAsync(batch, 0, Stop);
            await Task.Delay(300, Stop);
            await door.KillAsync();
        }

        Assert.False(await delivery);
        await door.StartAsync();
        await door.DeliverAsync(batch, Stop);

        await AssertAppliedOnceAsync(door);
    }

    [Theory]
    [MemberData(nameof(FunctionsDoors.Names), MemberType = typeof(FunctionsDoors))]
    public async Task A_batch_that_times_out_or_meets_the_hosts_stop_counts_once(string name)
    {
        await using var door = await FunctionsDoors.OpenAsync(name, _store);
        var batch = HubEvents.Clicks(2, 9, Readers);
        Task<bool> timedOut;
        using (var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)))
        {
            await using (await BlockWritesAsync())
            {
                timedOut = door.DeliverOnceAsync(batch, 0, timeout.Token);
                await Task.Delay(400, Stop);
            }

            await timedOut;
        }

        Task<bool> stopped;
        Task stop;
        await using (await BlockWritesAsync())
        {
            stopped = door.DeliverOnceAsync(batch, 1, Stop);
            await Task.Delay(200, Stop);
            stop = door.StopAsync();
            await Task.Delay(200, Stop);
        }

        await stopped;
        await stop;
        await door.StartAsync();
        await door.DeliverAsync(batch, Stop);
        await AssertAppliedOnceAsync(door);
    }

    [Theory]
    [MemberData(nameof(FunctionsDoors.Names), MemberType = typeof(FunctionsDoors))]
    public async Task The_rebuild_timer_publishes_what_changed(string name)
    {
        await using var door = await FunctionsDoors.OpenAsync(name, _store);
        using var added = await door.Client.PostAsJsonAsync("/api/item", new { ItemId = "timely", Categories = new[] { "red" }, Labels = new { vector = Axis } }, Stop);
        Assert.Equal(HttpStatusCode.OK, added.StatusCode);

        Assert.True(await door.RunTimerAsync(TriggerNames.RebuildIndex, Stop), door.Output);

        var listed = await door.Client.GetFromJsonAsync<JsonElement>("/api/admin/releases", Stop);
        Assert.Equal([601, 600], listed.GetProperty("Releases").EnumerateArray().Select(release => release.GetProperty("ItemCount").GetInt32()).OrderDescending());
    }

    private string[] Parked() => Directory.GetFiles(Path.Combine(_store, "blobs", "parked"), "*.jsonl", SearchOption.AllDirectories);

    private static float[] Axis => [1, 0, 0, 0, 0, 0, 0, 0];

    private static async Task AssertAppliedOnceAsync(IFunctionsDoor door)
    {
        foreach (var reader in Readers)
        {
            var history = await door.Client.GetFromJsonAsync<JsonElement>($"/api/user/{reader}/feedback", Stop);
            Assert.True(history.GetArrayLength() == 1, $"{reader}: {history}");
            Assert.Equal(1, history[0].GetProperty("Value").GetDouble());
        }
    }

    // While this is held no row can be written, so that a batch stands still in its middle.
    private async Task<IAsyncDisposable> BlockWritesAsync()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_store, "users.db")};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync(Stop);
        return connection;
    }
}
