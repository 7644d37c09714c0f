using CsCheck;
using ServerlessRec.Contracts.Users;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Recommender.Users.Codec;

namespace ServerlessRec.Recommender.Tests.Users;

public sealed class UserStateCodecTests
{
    private static readonly Gen<string> Text = Gen.Char[' ', '\ud7ff'].Array[1, 40].Select(chars => new string(chars));

    private static readonly Gen<HistoryEntry> Entry =
        from item in Text
        from type in Gen.Int[0, 2].Select(i => new[] { "click", "like", "buy" }[i])
        from value in Gen.OneOf(Gen.Const(1.0), Gen.Double, Gen.Single.Select(x => (double)x))
        from time in Gen.Long[0, 4_000_000_000_000]
        from partition in Gen.Int[-1, 31]
        from sequence in Gen.Long
        from overwrite in Gen.Bool
        from stamp in Gen.UInt
        select new HistoryEntry(item, type, value, DateTimeOffset.FromUnixTimeMilliseconds(time), partition, sequence, overwrite, partition == -1 ? 0 : stamp);

    private static readonly Gen<UserState> State =
        from user in Text
        from labels in Gen.OneOf(Gen.Const((string?)null), Text.Select(text => (string?)text))
        from history in Entry.Array[0, 50]
        from older in Gen.ULong.Array[0, 50]
        from vector in Gen.Single.Array[0, 70]
        from marks in Gen.Select(Gen.Int, Gen.Long, Gen.ULong, Gen.UInt, (p, s, h, stamp) => new AppliedMark(p, s, h, stamp)).Array[0, 30]
        from deleted in Gen.Bool
        select new UserState
        {
            User = new User(user, labels, labels ?? ""),
            History = history,
            SeenItems = [.. older.Concat(history.Select(entry => ItemHash.Of(entry.ItemId))).Distinct()],
            Vector = vector,
            TowerVersion = vector.Length > 0 ? "v1" : null,
            Applied = marks,
            DeletedAt = deleted ? UserStates.Noon : null,
            IsDeleted = deleted,
        };

    [Fact]
    public void What_is_encoded_is_decoded() => State.Sample(state =>
    {
        var decoded = UserStateCodec.Decode(UserStateCodec.Encode(state));
        Assert.Equal(state.User, decoded.User);
        Assert.Equal(state.History, decoded.History);
        Assert.Equal(state.SeenItems, decoded.SeenItems);
        Assert.Equal(state.Vector.ToArray(), decoded.Vector.ToArray());
        Assert.Equal(state.TowerVersion, decoded.TowerVersion);
        Assert.Equal(state.Applied, decoded.Applied);
        Assert.Equal((state.DeletedAt, state.IsDeleted), (decoded.DeletedAt, decoded.IsDeleted));
    }, iter: 1000);

    [Fact]
    public void Any_damaged_byte_is_found() => Gen.Select(State, Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample((state, place, flip) =>
    {
        var bytes = UserStateCodec.Encode(state);
        bytes[place % bytes.Length] ^= flip;
        Assert.Throws<UserStateFormatException>(() => UserStateCodec.Decode(bytes));
    }, iter: 1000);

    // A valid checksum over hostile bytes: the reader itself must hold.
    [Fact]
    public void Hostile_bytes_with_a_right_checksum_give_a_state_or_a_clear_error() =>
        Gen.Select(State, Gen.Int[2, int.MaxValue], Gen.Byte.Array[0, 12]).Sample((state, place, hostile) =>
        {
            var body = UserStateCodec.Encode(state)[..^8];
            hostile.AsSpan(0, Math.Min(hostile.Length, body.Length - 2)).CopyTo(body.AsSpan(2 + (place % Math.Max(1, body.Length - 2 - hostile.Length))));
            var bytes = new byte[body.Length + 8];
            body.CopyTo(bytes, 0);
            BitConverter.TryWriteBytes(bytes.AsSpan(body.Length), System.IO.Hashing.XxHash3.HashToUInt64(body));
            try
            {
                UserStateCodec.Decode(bytes);
            }
            catch (UserStateFormatException wrong)
            {
                Assert.Contains("at byte", wrong.Message, StringComparison.Ordinal);
            }
        }, iter: 5000);

    [Fact]
    public void Random_bytes_are_refused() => Gen.Byte.Array[0, 100].Sample(
        bytes => { Assert.Throws<UserStateFormatException>(() => UserStateCodec.Decode(bytes)); }, iter: 1000);

    [Fact]
    public void A_newer_version_is_refused_by_its_number()
    {
        var bytes = UserStateCodec.Encode(UserStates.New("u"));
        bytes[1] = 3;
        Assert.Contains("version 3", Assert.Throws<UserStateFormatException>(() => UserStateCodec.Decode(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_version_1_stays_readable() => UserStates.AssertSame(
        GoldenState with
        {
            History = [.. GoldenState.History.Select(entry => entry with { Stamp = LogStamp.Unknown })],
            Applied = [.. GoldenState.Applied.Select(mark => mark with { Stamp = LogStamp.Unknown })],
        },
        UserStateCodec.Decode(Golden(1)));

    [Fact]
    public void The_file_of_version_2_stays_readable_and_is_written_alike()
    {
        UserStates.AssertSame(GoldenState, UserStateCodec.Decode(Golden(2)));
        Assert.Equal(Convert.ToHexString(Golden(2)), Convert.ToHexString(UserStateCodec.Encode(GoldenState)));
    }

    [Fact]
    public void Worst_case_states_split_into_properties_and_join_again()
    {
        var id = new string('€', 250);
        var worst = UserStates.New("u") with
        {
            History = [.. Enumerable.Range(0, UserState.HistoryCapacity).Select(i => new HistoryEntry(id + i, "click", 0.1, UserStates.Noon))],
        };
        var encoded = UserStateCodec.Encode(worst);
        var parts = UserStateProperties.Split(encoded);
        Assert.True(parts.Count > 1);
        Assert.All(parts, part => Assert.InRange(part.Length, 1, 64 * 1024));
        Assert.Equal(encoded, UserStateProperties.Join(parts));
    }

    [Fact]
    public void Labels_that_no_row_can_hold_are_refused() => Assert.Throws<ArgumentException>(() => UserStateCodec.Encode(
        new UserState { User = new User("u", new string('x', UserStateCodec.MaxBytes)) }));

    [Fact]
    public void Half_a_surrogate_pair_is_refused_and_never_replaced() => Assert.ThrowsAny<ArgumentException>(
        () => UserStateCodec.Encode(new UserState { User = new User("\ud800") }));

    private static byte[] Golden(int version) => Convert.FromHexString(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Users", "Golden", $"user-state-v{version}.hex")).ReplaceLineEndings(""));

    private static UserState GoldenState => new()
    {
        User = new User("user-1", """{"country":"CH"}""", "première"),
        History =
        [
            new HistoryEntry("imported", "rating", 3.5, UserStates.Noon.AddDays(-400), -1, unchecked((long)0xFEDCBA9876543210)),
            new HistoryEntry("a", "click", 1, UserStates.Noon, 0, 1, stamp: 7),
            new HistoryEntry("😀", "rating", 0.1, UserStates.Noon.AddMilliseconds(1), 31, 4_000_000_000, true, LogStamp.Of(UserStates.Noon.AddSeconds(1))),
            new HistoryEntry("a", "click", 2, UserStates.Noon.AddMilliseconds(1), 32, 0),
        ],
        SeenItems = [1, ulong.MaxValue, ItemHash.Of("imported"), ItemHash.Of("a"), ItemHash.Of("😀")],
        Vector = new[] { 1f, -0.25f, float.Epsilon },
        TowerVersion = "0123456789abcdef",
        Applied = [new(0, 1, 0, 7), new(31, 4_000_000_000, 77, LogStamp.Of(UserStates.Noon.AddSeconds(1))), new(32, 0, ulong.MaxValue)],
        DeletedAt = UserStates.Noon.AddDays(-500),
    };
}
