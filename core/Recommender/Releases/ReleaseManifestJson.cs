using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessRec.Recommender.Retrieval;

namespace ServerlessRec.Recommender.Releases;

/// <summary>
/// Reads and writes `manifest.json` and `current.json` (docs/formats/release.md). The manifest closes with a checksum over its own bytes,
/// because nothing else vouches for it.
/// </summary>
public static class ReleaseManifestJson
{
    private const int DigestLength = 64;

    private static ReadOnlySpan<byte> TrailerStart => ",\n  \"checksum\": \""u8;

    private static ReadOnlySpan<byte> TrailerEnd => "\"\n}\n"u8;

    /// <summary>The manifest's bytes.</summary>
    public static byte[] Write(ReleaseManifest manifest)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, ReleaseJsonContext.Default.ReleaseManifest);
        var body = json.AsSpan(0, json.Length - "\n}".Length);
        return [.. body, .. TrailerStart, .. Encoding.ASCII.GetBytes(Digest(body)), .. TrailerEnd];
    }

    /// <summary>The manifest in <paramref name="utf8"/>.</summary>
    /// <exception cref="InvalidDataException">A damaged manifest, or one of a newer format; the message says what is wrong.</exception>
    public static ReleaseManifest Read(ReadOnlySpan<byte> utf8)
    {
        var bodyLength = utf8.Length - TrailerStart.Length - DigestLength - TrailerEnd.Length;
        if (bodyLength < 0
            || !utf8[bodyLength..].StartsWith(TrailerStart)
            || !utf8.EndsWith(TrailerEnd)
            || !utf8.Slice(bodyLength + TrailerStart.Length, DigestLength).SequenceEqual(Encoding.ASCII.GetBytes(Digest(utf8[..bodyLength]))))
        {
            throw new InvalidDataException("its checksum is missing or wrong");
        }

        var manifest = Deserialize(utf8, ReleaseJsonContext.Default.ReleaseManifest);
        if (manifest.Format is < 1 or > ReleaseManifest.CurrentFormat)
        {
            throw new InvalidDataException($"its format is {manifest.Format}, this version reads {ReleaseManifest.CurrentFormat}");
        }

        // Generated readers leave what is not there at 0, whatever the property begins with.
        manifest = manifest.EfSearch == 0 ? manifest with { EfSearch = EfSearchChoice.Most } : manifest;
        Validate(manifest);
        return manifest;
    }

    /// <summary>The pointer's bytes.</summary>
    public static byte[] Write(CurrentPointer current) => JsonSerializer.SerializeToUtf8Bytes(current, ReleaseJsonContext.Default.CurrentPointer);

    /// <summary>The pointer in <paramref name="utf8"/>.</summary>
    /// <exception cref="InvalidDataException">A damaged pointer; the message says what is wrong.</exception>
    public static CurrentPointer ReadPointer(ReadOnlySpan<byte> utf8)
    {
        var pointer = Deserialize(utf8, ReleaseJsonContext.Default.CurrentPointer);
        if (pointer.Previous is null || pointer.Previous.Prepend(pointer.Current).Any(id => id is null || !ReleasePaths.IsReleaseId(id)))
        {
            throw new InvalidDataException("it holds something that is no release id");
        }

        return pointer;
    }

    // The checksum vouches for the bytes, not for whoever wrote them.
    private static void Validate(ReleaseManifest manifest)
    {
        Require(manifest.Dimensions > 0 && manifest.ItemCount >= 0 && manifest.CatalogueLogPosition >= 0, "a count is negative");
        Require(manifest.EfSearch is >= 10 and <= 4096, $"an efSearch of {manifest.EfSearch} is impossible");
        manifest.Ranker?.Validate();
        Require(manifest.Metrics is not null && manifest.Notes is not null && manifest.Files is not null, "metrics, notes or files are missing");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in manifest.Files!)
        {
            Require(file?.Name is { Length: > 0 } name && !name.Contains('/') && names.Add(name), "the name of a file is missing, holds a slash or stands twice");
            Require(file!.Length >= 0 && file.Sha256 is { Length: DigestLength }, $"length or SHA-256 of {file.Name} is impossible");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }

    private static T Deserialize<T>(ReadOnlySpan<byte> utf8, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type) ?? throw new InvalidDataException("it holds null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"it is not readable: {e.Message}", e);
        }
    }

    private static string Digest(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ReleaseManifest))]
[JsonSerializable(typeof(CurrentPointer))]
internal sealed partial class ReleaseJsonContext : JsonSerializerContext;
