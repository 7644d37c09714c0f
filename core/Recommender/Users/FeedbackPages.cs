using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ServerlessRec.Recommender.Feedback;

namespace ServerlessRec.Recommender.Users;

/// <summary>One page of the feedback in users' histories.</summary>
/// <param name="Feedback">Users in the store's order, of each the newest first (<see cref="FoldedHistory"/>).</param>
/// <param name="Cursor">Where the next page begins; empty after the last.</param>
public sealed record FeedbackPage(IReadOnlyList<FeedbackEvent> Feedback, string Cursor);

/// <summary>Lists the feedback of all users, page by page, from their histories: the last <see cref="UserState.HistoryCapacity"/> of each.</summary>
public static class FeedbackPages
{
    private const int UsersAtOnce = 50;

    /// <summary>One page. A cursor says behind which user it begins and how much of the next one was given already.</summary>
    /// <param name="users">Where the histories lie.</param>
    /// <param name="feedbackType">Only this type; null: all.</param>
    /// <param name="cursor">Null or empty: from the first.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="cancellationToken">Stops between calls of the store.</param>
    /// <exception cref="FormatException">The cursor is not one of these.</exception>
    public static async Task<FeedbackPage> ReadAsync(
        IUserStore users, string? feedbackType, string? cursor, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var (start, skip) = Parse(cursor);
        var feedback = new List<FeedbackEvent>(count);
        while (true)
        {
            var page = await users.ListAsync(start, UsersAtOnce, cancellationToken).ConfigureAwait(false);
            var states = await users.ReadManyAsync([.. page.Users.Select(user => user.UserId)], cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < states.Count; i++)
            {
                var history = states[i] is { } stored ? FoldedHistory.Of(stored.State, feedbackType) : [];
                var taken = history.Skip(skip).Take(count - feedback.Count).ToArray();
                feedback.AddRange(taken);
                if (skip + taken.Length < history.Count)
                {
                    var behind = i == 0 ? start : (await users.ListAsync(start, i, cancellationToken).ConfigureAwait(false)).Cursor;
                    return new FeedbackPage(feedback, Format(behind, skip + taken.Length));
                }

                skip = 0;
            }

            if (page.Cursor.Length == 0 || feedback.Count == count)
            {
                return new FeedbackPage(feedback, page.Cursor.Length == 0 ? "" : Format(page.Cursor, 0));
            }

            start = page.Cursor;
        }
    }

    private static string Format(string? users, int skip) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{skip}:{users}")));

    private static (string? Users, int Skip) Parse(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return (null, 0);
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var skip)
            ? (text[(colon + 1)..], skip)
            : throw new FormatException("The cursor is not one that a list of feedback answered.");
    }
}
