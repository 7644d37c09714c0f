using System.Text.Json;
using ServerlessRec.Recommender.Releases;

namespace ServerlessRec.Api.Releases;

/// <summary>What is known of releases.</summary>
/// <param name="Current">The one that current.json names; null: none.</param>
/// <param name="Served">The one that this instance serves; null: none yet.</param>
/// <param name="Problem">Why the two differ; null when they do not.</param>
/// <param name="Releases">All of them.</param>
internal sealed record ReleaseList(string? Current, string? Served, string? Problem, IReadOnlyList<ReleaseListing> Releases);

/// <summary>The shapes of the release answers.</summary>
internal static class ReleaseShapes
{
    /// <summary>{Current, Served, Problem, Releases: […]}.</summary>
    public static void List(Utf8JsonWriter writer, ReleaseList list)
    {
        writer.WriteStartObject();
        WriteServed(writer, list);
        writer.WriteStartArray("Releases"u8);
        foreach (var release in list.Releases)
        {
            Write(writer, release);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>{Current, Served, Problem}.</summary>
    public static void Served(Utf8JsonWriter writer, ReleaseList list)
    {
        writer.WriteStartObject();
        WriteServed(writer, list);
        writer.WriteEndObject();
    }

    private static void WriteServed(Utf8JsonWriter writer, ReleaseList list)
    {
        writer.WriteString("Current"u8, list.Current);
        writer.WriteString("Served"u8, list.Served);
        writer.WriteString("Problem"u8, list.Problem);
    }

    private static void Write(Utf8JsonWriter writer, ReleaseListing listing)
    {
        writer.WriteStartObject();
        writer.WriteString("Id"u8, listing.Id);
        writer.WriteBoolean("IsCurrent"u8, listing.IsCurrent);
        writer.WriteString("Problem"u8, listing.Problem);
        if (listing.Manifest is { } manifest)
        {
            writer.WriteString("CreatedAt"u8, manifest.CreatedAt.UtcDateTime);
            writer.WriteString("Origin"u8, manifest.Origin);
            writer.WriteString("TowerVersion"u8, manifest.TowerVersion);
            writer.WriteNumber("Dimensions"u8, manifest.Dimensions);
            writer.WriteNumber("ItemCount"u8, manifest.ItemCount);
            WriteMetricsAndNotes(writer, manifest);
        }

        writer.WriteEndObject();
    }

    private static void WriteMetricsAndNotes(Utf8JsonWriter writer, ReleaseManifest manifest)
    {
        writer.WriteStartObject("Metrics"u8);
        foreach (var (name, value) in manifest.Metrics)
        {
            writer.WriteNumber(name, value);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("Notes"u8);
        foreach (var (name, note) in manifest.Notes)
        {
            writer.WriteString(name, note);
        }

        writer.WriteEndObject();
    }
}
