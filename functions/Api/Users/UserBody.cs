using System.Text.Json;
using ServerlessRec.Api.Requests;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Api.Users;

/// <summary>Users in a body.</summary>
internal static class UserBody
{
    private const int MaxComment = 4096;
    private const int MaxLabels = 16 * 1024;

    // Subscribe stood in the shape of old Gorse clients; it says nothing here.
    private static readonly string[] Names = ["UserId", "Labels", "Comment", "Subscribe"];

    /// <summary>Fields of a patch; null leaves a field as it is.</summary>
    public readonly record struct Patch(string? LabelsJson, string? Comment)
    {
        /// <summary>The user with the fields changed.</summary>
        public User ApplyTo(User user) => user with { LabelsJson = LabelsJson ?? user.LabelsJson, Comment = Comment ?? user.Comment };
    }

    /// <summary>An array of users, none twice.</summary>
    public static List<User> ReadMany(ref Utf8JsonReader reader) => JsonArrays.Read(ref reader, "UserId", ReadOne, user => user.UserId);

    /// <summary>One user.</summary>
    public static User ReadOne(ref Utf8JsonReader reader) => ReadOne(ref reader, null);

    /// <summary>The fields to change in a user; the id may stand in it, because clients send whole users.</summary>
    public static Patch ReadPatch(ref Utf8JsonReader reader)
    {
        var fields = new JsonFields(ref reader, Names, null);
        return Read(ref reader, ref fields).Patch;
    }

    private static User ReadOne(ref Utf8JsonReader reader, int? element)
    {
        var fields = new JsonFields(ref reader, Names, element);
        var (id, patch) = Read(ref reader, ref fields);
        return new User(id ?? throw fields.Invalid(0, "is missing."), patch.LabelsJson, patch.Comment ?? "");
    }

    private static (string? Id, Patch Patch) Read(ref Utf8JsonReader reader, ref JsonFields fields)
    {
        string? id = null, labels = null, comment = null;
        for (var field = fields.Next(ref reader); field >= 0; field = fields.Next(ref reader))
        {
            switch (field)
            {
                case 0: id = fields.Identifier(ref reader, field); break;
                case 1: labels = fields.Json(ref reader, field, MaxLabels); break;
                case 2: comment = fields.Text(ref reader, field, MaxComment); break;
                default: fields.Names(ref reader, field, 1000); break;
            }
        }

        return (id, new Patch(labels, comment));
    }
}
