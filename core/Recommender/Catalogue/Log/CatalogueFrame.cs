using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;

namespace ServerlessRec.Recommender.Catalogue.Log;

/// <summary>One change as bytes (docs/formats/catalogue-log.md): length, checksum, JSON.</summary>
internal static class CatalogueFrame
{
    public const int HeaderLength = 8;

    /// <summary>Appends a change to <paramref name="writer"/>.</summary>
    /// <exception cref="InvalidDataException">The change breaks a rule of <see cref="CatalogueRules"/>.</exception>
    public static void Write(CatalogueChange change, IBufferWriter<byte> writer)
    {
        CatalogueRules.Check(change);
        var json = JsonSerializer.SerializeToUtf8Bytes(change, CatalogueChangeContext.Default.CatalogueChange);
        if (json.Length > CatalogueRules.MaxFrameLength)
        {
            throw new InvalidDataException($"Item '{change.ItemId}' takes {json.Length} bytes, more than {CatalogueRules.MaxFrameLength}.");
        }

        var frame = writer.GetSpan(HeaderLength + json.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32.HashToUInt32(json));
        json.CopyTo(frame[HeaderLength..]);
        writer.Advance(HeaderLength + json.Length);
    }

    /// <summary>The first change in <paramref name="bytes"/> and how long its frame is; 0: the frame is not wholly there.</summary>
    /// <exception cref="InvalidDataException">The bytes are no frame.</exception>
    public static int TryRead(ReadOnlySpan<byte> bytes, out CatalogueChange? change)
    {
        change = null;
        if (bytes.Length < HeaderLength)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < 1 or > CatalogueRules.MaxFrameLength)
        {
            throw new InvalidDataException($"a change cannot be {length} bytes long");
        }

        if (bytes.Length < HeaderLength + length)
        {
            return 0;
        }

        var json = bytes.Slice(HeaderLength, length);
        if (Crc32.HashToUInt32(json) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
        {
            throw new InvalidDataException("the checksum of a change is wrong");
        }

        try
        {
            change = JsonSerializer.Deserialize(json, CatalogueChangeContext.Default.CatalogueChange) ?? throw new InvalidDataException("a change is null");
            CatalogueRules.Check(change);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"a change is not readable: {e.Message}", e);
        }

        return HeaderLength + length;
    }
}
