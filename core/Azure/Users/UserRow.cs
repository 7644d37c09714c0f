using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ServerlessRec.Recommender.Users;
using ServerlessRec.Recommender.Users.Codec;

namespace ServerlessRec.Azure.Users;

/// <summary>
/// A row as the table service sends it: S0, S1, … hold the encoded state in parts of 64 KiB, D says that only a deletion is left, W is the id of
/// the write that made this version.
/// </summary>
/// <param name="State">The encoded state.</param>
/// <param name="WriteId">W.</param>
internal readonly record struct UserRow(byte[] State, string? WriteId)
{
    /// <summary>The body of an insert or a replacement.</summary>
    public static ReadOnlyMemory<byte> Write(UserKey key, UserState state, string writeId)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("PartitionKey"u8, key.Partition);
        json.WriteString("RowKey"u8, key.Row);
        json.WriteBoolean("D"u8, state.IsDeleted);
        json.WriteString("W"u8, writeId);
        var parts = UserStateProperties.Split(UserStateCodec.Encode(state));
        for (var i = 0; i < parts.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"S{i}");
            json.WriteString(name + "@odata.type", "Edm.Binary"u8);
            json.WriteBase64String(name, parts[i].Span);
        }

        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    /// <summary>Reads one object; the reader stands at its beginning, afterwards at its end.</summary>
    /// <exception cref="JsonException">It is no such object.</exception>
    public static UserRow Read(ref Utf8JsonReader reader)
    {
        var parts = new List<ReadOnlyMemory<byte>>(1);
        string? writeId = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("W"u8))
            {
                reader.Read();
                writeId = reader.GetString();
                continue;
            }

            var part = PartNumber(reader.ValueSpan);
            reader.Read();
            if (part >= 0 && reader.TokenType == JsonTokenType.String)
            {
                while (parts.Count <= part)
                {
                    parts.Add(default);
                }

                parts[part] = reader.GetBytesFromBase64();
            }
            else
            {
                reader.Skip();
            }
        }

        return new(parts.Count == 1 ? Whole(parts[0]) : UserStateProperties.Join(parts), writeId);
    }

    private static byte[] Whole(ReadOnlyMemory<byte> part) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(part, out var bytes) && bytes.Count == bytes.Array!.Length ? bytes.Array : part.ToArray();

    // -1: not a part.
    private static int PartNumber(ReadOnlySpan<byte> name) =>
        name is [(byte)'S', ..] && int.TryParse(name[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var part) && part < UserStateProperties.MaxCount
            ? part
            : -1;
}
