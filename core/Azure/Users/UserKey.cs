using System.Globalization;
using System.Text;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Azure.Users;

/// <summary>
/// A user's place in the table: one of 4,096 partitions, which take 2,000 writes a second each, and a row key that holds any user id.
/// Stored in tables: never change it.
/// </summary>
/// <param name="Partition">Three hexadecimal digits: XxHash64 of the user id modulo 4,096.</param>
/// <param name="Row">
/// The user id; characters that a key must not hold, and those with a meaning in addresses, are written as '!' and one character more. So a
/// row key has at most twice the characters of the id: 256 characters fit into the 1 KiB that a key may have.
/// </param>
internal readonly record struct UserKey(string Partition, string Row)
{
    /// <summary>Partitions of the table.</summary>
    public const int Partitions = 4096;

    private const char Escape = '!';
    private const string Marked = "!/\\#?%'&+";
    private const string Marks = "!sbhqpaun";

    public static UserKey Of(string userId) =>
        new(UserPartition.Of(userId, Partitions).ToString("x3", CultureInfo.InvariantCulture), EscapeRow(userId));

    private static string EscapeRow(string userId)
    {
        StringBuilder? row = null;
        for (var i = 0; i < userId.Length; i++)
        {
            var place = Marked.IndexOf(userId[i], StringComparison.Ordinal);
            if (place < 0 && !char.IsControl(userId[i]))
            {
                row?.Append(userId[i]);
                continue;
            }

            row ??= new StringBuilder(userId, 0, i, 2 * userId.Length);
            row.Append(Escape).Append(place >= 0 ? Marks[place] : (char)(userId[i] + '\u0100'));
        }

        return row?.ToString() ?? userId;
    }
}
