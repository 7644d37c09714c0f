using CsCheck;
using ServerlessRec.Embedded.Feedback;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Embedded.Tests.Feedback;

public sealed class PartitionedFeedbackLogTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FeedbackLogOptions _options = new() { Partitions = 3, SegmentBytes = 64 << 10 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_come_out_in_their_users_partition_in_order_without_gaps()
    {
        await using var log = Open();
        var sent = Enumerable.Range(0, 3000).Select(Event).ToArray();
        foreach (var batch in sent.Chunk(7))
        {
            await log.AppendAsync(batch, Cancel);
        }

        Assert.Equal(sent, await ReadAll(log));
        Assert.True(Directory.GetFiles(_folder.Path, "*.log").Length > 3);
    }

    [Fact]
    public async Task Appends_of_many_callers_share_flushes_and_are_all_there_after_opening_again()
    {
        FeedbackEvent[] sent = [.. Enumerable.Range(0, 2000).Select(Event)];
        await using (var log = Open())
        {
            await Task.WhenAll(sent.Select(feedback => log.AppendAsync([feedback], Cancel).AsTask()));
        }

        await using var again = Open();
        Assert.Equal(sent.OrderBy(feedback => feedback.ItemId), (await ReadAll(again)).OrderBy(feedback => feedback.ItemId));
        await again.AppendAsync([Event(9999)], Cancel);
        Assert.Equal(2001, (await ReadAll(again)).Count);
    }

    [Fact]
    public void A_log_cut_at_any_byte_keeps_every_whole_append_and_goes_on() =>
        Gen.Int[1, 3000].Sample(cut =>
        {
            using var folder = new TestFolder();
            CutAndGoOn(folder.Path, cut).GetAwaiter().GetResult();
        }, iter: 100);

    [Fact]
    public async Task Damage_before_the_last_segment_is_an_error_that_names_the_file()
    {
        await using (var log = Open())
        {
            for (var i = 0; i < 2000; i++)
            {
                await log.AppendAsync([Event(i)], Cancel);
            }
        }

        var first = Directory.GetFiles(_folder.Path, "*.log").Order(StringComparer.Ordinal).First();
        var bytes = await File.ReadAllBytesAsync(first, Cancel);
        bytes[3000] ^= 1;
        await File.WriteAllBytesAsync(first, bytes, Cancel);
        await using var again = Open();
        var damaged = await Assert.ThrowsAsync<FeedbackLogException>(async () => await ReadAll(again));
        Assert.Contains(first, damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_is_told_that_the_log_is_open()
    {
        await using var log = Open();
        Assert.Contains("one process", Assert.Throws<FeedbackLogException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_goes_on_where_another_stopped_in_the_middle_of_an_append()
    {
        await using var log = Open();
        var sent = Enumerable.Range(0, 50).Select(i => Event(i) with { UserId = "one" }).ToArray();
        await log.AppendAsync(sent, Cancel);
        var partition = UserPartition.Of("one", 3);
        var place = log.Begin;
        var read = new List<string>();
        while (read.Count < 50)
        {
            using var reader = log.Read(partition, place);
            read.AddRange((await reader.ReadAsync(7, Cancel)).Select(raw => Parse(raw).ItemId));
            place = reader.Next;
        }

        Assert.Equal(sent.Select(feedback => feedback.ItemId), read);
    }

    [Fact]
    public async Task A_reader_at_the_end_waits_for_the_next_append()
    {
        await using var log = Open();
        using var reader = log.Read(UserPartition.Of("u1", 3), log.Begin);
        var waiting = reader.ReadAsync(10, Cancel).AsTask();
        await log.AppendAsync([Event(1)], Cancel);
        var read = await waiting;
        Assert.Equal(Event(1), Parse(Assert.Single(read)));
    }

    [Fact]
    public async Task Segments_before_the_place_of_all_readers_are_deleted_and_no_other()
    {
        await using var log = Open();
        var sent = Enumerable.Range(0, 2000).Select(Event).ToArray();
        foreach (var batch in sent.Chunk(50))
        {
            await log.AppendAsync(batch, Cancel);
        }

        var before = Directory.GetFiles(_folder.Path, "*.log").Length;
        log.RemoveBefore(log.End / 2);
        Assert.InRange(Directory.GetFiles(_folder.Path, "*.log").Length, 2, before - 1);
        Assert.InRange(log.Begin.Position, 1, log.End / 2);
        var rest = await ReadAll(log);
        Assert.Equal(sent.TakeLast(rest.Count), rest);
        log.RemoveBefore(long.MaxValue);
        Assert.Single(Directory.GetFiles(_folder.Path, "*.log"));
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_as_busy_and_the_rest_is_written()
    {
        await using var log = PartitionedFeedbackLog.Open(
            _folder.Path, _options with { MaxPendingBytes = 1 << 20 }, TimeProvider.System);
        var large = Event(1) with { Comment = new string('x', 300_000) };
        var tasks = Enumerable.Range(0, 40).Select(async i =>
        {
            try
            {
                await log.AppendAsync([large with { ItemId = $"i{i}" }], Cancel);
                return 1;
            }
            catch (FeedbackLogBusyException)
            {
                return 0;
            }
        });
        var accepted = (await Task.WhenAll(tasks)).Sum();
        Assert.InRange(accepted, 1, 40);
        Assert.Equal(accepted, (await ReadAll(log)).Count);
    }

    private PartitionedFeedbackLog Open() => PartitionedFeedbackLog.Open(_folder.Path, _options, TimeProvider.System);

    private async Task CutAndGoOn(string folder, int cut)
    {
        await using (var log = PartitionedFeedbackLog.Open(folder, _options, TimeProvider.System))
        {
            foreach (var batch in Enumerable.Range(0, 20).Select(Event).Chunk(4))
            {
                await log.AppendAsync(batch, Cancel);
            }
        }

        var file = Assert.Single(Directory.GetFiles(folder, "*.log"));
        var header = LogSegmentHeader;
        var length = new FileInfo(file).Length;
        await using (var stream = File.Open(file, FileMode.Open))
        {
            stream.SetLength(Math.Max(header, length - cut));
        }

        await using var again = PartitionedFeedbackLog.Open(folder, _options, TimeProvider.System);
        await again.AppendAsync([Event(100)], Cancel);
        var read = (await ReadAll(again)).Select(feedback => feedback.ItemId).ToArray();
        Assert.Equal("i100", read[^1]);
        Assert.Equal(0, (read.Length - 1) % 4);
        Assert.Equal(Enumerable.Range(0, read.Length - 1).Select(i => $"i{i}"), read[..^1]);
    }

    private int LogSegmentHeader => 16 + (8 * _options.Partitions) + 4;

    private static FeedbackEvent Event(int i) => new()
    {
        UserId = $"u{i % 10}",
        ItemId = $"i{i}",
        FeedbackType = "click",
        Timestamp = new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero).AddSeconds(i),
        EventId = i % 2 == 0 ? $"e{i}" : null,
        LabelsJson = i % 3 == 0 ? """{"a":[1,2]}""" : null,
        Value = i % 5 == 0 ? 1 : i / 3.0,
        Overwrite = i % 7 == 0,
    };

    private static FeedbackEvent Parse(RawFeedback raw)
    {
        var (feedback, fault) = FeedbackJson.Read(raw.Payload.Span, raw.AcceptedAt);
        Assert.Null(fault);
        Assert.Equal(UserPartition.Of(feedback!.UserId, 3), raw.Partition);
        return feedback;
    }

    /// <summary>Everything in the log; the numbers 0, 1, 2, … of each partition are checked. Ordered by item number.</summary>
    private static async Task<List<FeedbackEvent>> ReadAll(PartitionedFeedbackLog log)
    {
        var all = new List<FeedbackEvent>();
        for (var partition = 0; partition < log.Partitions; partition++)
        {
            using var reader = log.Read(partition, log.Begin);
            long? sequence = null;
            while (reader.Next.Position < log.End)
            {
                foreach (var raw in await reader.ReadAsync(100, Cancel))
                {
                    Assert.Equal(sequence ?? raw.Sequence, raw.Sequence);
                    sequence = raw.Sequence + 1;
                    all.Add(Parse(raw));
                }
            }
        }

        return [.. all.OrderBy(feedback => int.Parse(feedback.ItemId[1..]))];
    }
}
