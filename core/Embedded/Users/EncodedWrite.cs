using ServerlessRec.Recommender.Users;
using ServerlessRec.Recommender.Users.Codec;

namespace ServerlessRec.Embedded.Users;

/// <summary>A write with its state already encoded, so that the transaction holds the file's one write lock for the disk alone.</summary>
internal readonly record struct EncodedWrite(string UserId, string? ExpectedETag, bool IsDeleted, byte[] State)
{
    public static EncodedWrite[] All(IReadOnlyList<UserWrite> writes)
    {
        var rows = new EncodedWrite[writes.Count];
        var users = new HashSet<string>(writes.Count, StringComparer.Ordinal);
        for (var i = 0; i < rows.Length; i++)
        {
            var state = writes[i].State;
            if (!users.Add(state.User.UserId))
            {
                throw new ArgumentException($"Write {i} is the second one of its user; one call writes a user once.", nameof(writes));
            }

            rows[i] = new(state.User.UserId, writes[i].ExpectedETag, state.IsDeleted, UserStateCodec.Encode(state));
        }

        return rows;
    }
}
