using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Training.Data;

/// <summary>A data set in memory: users, items and interactions by number. Made by an importer, read by everything in training.</summary>
public sealed record Dataset
{
    /// <summary>For tables and notes, such as "movietweetings-100k".</summary>
    public required string Name { get; init; }

    /// <summary>Users; <see cref="Interaction.User"/> is a place in this list.</summary>
    public required IReadOnlyList<User> Users { get; init; }

    /// <summary>Items; <see cref="Interaction.Item"/> is a place in this list.</summary>
    public required IReadOnlyList<Item> Items { get; init; }

    /// <summary>Feedback types; <see cref="Interaction.Type"/> is a place in this list.</summary>
    public required IReadOnlyList<string> FeedbackTypes { get; init; }

    /// <summary>Interactions in the order of their timestamps; equal timestamps keep the source's order.</summary>
    public required IReadOnlyList<Interaction> Interactions { get; init; }

    /// <summary>Remarks of the importer for people, such as how many lines were left out and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One feedback, by number.</summary>
/// <param name="User">Place in <see cref="Dataset.Users"/>.</param>
/// <param name="Item">Place in <see cref="Dataset.Items"/>.</param>
/// <param name="Type">Place in <see cref="Dataset.FeedbackTypes"/>.</param>
/// <param name="Value">Strength in the type's own unit.</param>
/// <param name="UnixMilliseconds">When it happened.</param>
public readonly record struct Interaction(int User, int Item, int Type, float Value, long UnixMilliseconds);
