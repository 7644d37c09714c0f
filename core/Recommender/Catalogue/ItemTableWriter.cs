using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace ServerlessRec.Recommender.Catalogue;

/// <summary>Writes items.bin (docs/formats/items-bin.md); the same rows give the same bytes.</summary>
public static class ItemTableWriter
{
    /// <summary>Writes <paramref name="rows"/>; a row's place is its ordinal.</summary>
    /// <exception cref="ArgumentException">An id stands twice or is empty, or a popularity is negative or not finite; the message names the item.</exception>
    /// <exception cref="InvalidOperationException">The texts of one column are 4 GiB or more.</exception>
    public static void Write(IReadOnlyList<CatalogueRow> rows, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(destination);
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("items.bin is written on little-endian machines only.");
        }

        var sections = new byte[ItemTableHeader.SectionCount + 1][];
        var categories = new CategoryColumns(rows);
        WriteIds(rows, sections);
        WriteNumbers(rows, sections);
        WriteTexts(rows, row => row.Item.LabelsJson ?? "", sections, ItemTableSection.LabelOffsets, ItemTableSection.LabelBytes);
        WriteTexts(rows, row => row.Item.Comment, sections, ItemTableSection.CommentOffsets, ItemTableSection.CommentBytes);
        WriteTexts(categories.Names, name => name, sections, ItemTableSection.CategoryNameOffsets, ItemTableSection.CategoryNameBytes);
        Put(sections, ItemTableSection.RowCategoryOffsets, categories.RowOffsets);
        Put(sections, ItemTableSection.RowCategories, categories.RowCategories);
        Put(sections, ItemTableSection.CategoryRowOffsets, categories.CategoryOffsets);
        Put(sections, ItemTableSection.CategoryRows, categories.CategoryRows);
        WriteFile(sections, new ItemTableHeader { Rows = rows.Count, Categories = categories.Names.Count }, destination);
    }

    private static void WriteIds(IReadOnlyList<CatalogueRow> rows, byte[][] sections)
    {
        WriteTexts(rows, row => row.Item.ItemId, sections, ItemTableSection.IdOffsets, ItemTableSection.IdBytes);
        var hashes = new ulong[rows.Count];
        var slots = new int[IdSlots.CapacityFor(rows.Count)];
        Array.Fill(slots, IdSlots.Empty);
        for (var row = 0; row < rows.Count; row++)
        {
            var id = rows[row].Item.ItemId;
            hashes[row] = ItemHash.Of(id);
            var slot = IdSlots.First(hashes[row], slots.Length);
            for (; slots[slot] != IdSlots.Empty; slot = IdSlots.Next(slot, slots.Length))
            {
                if (hashes[slots[slot]] == hashes[row] && string.Equals(rows[slots[slot]].Item.ItemId, id, StringComparison.Ordinal))
                {
                    throw new ArgumentException($"Item '{id}' stands twice, as row {slots[slot]} and as row {row}.", nameof(rows));
                }
            }

            slots[slot] = row;
            if (string.IsNullOrEmpty(id))
            {
                throw new ArgumentException($"Row {row} has no item id.", nameof(rows));
            }
        }

        Put(sections, ItemTableSection.IdHashes, hashes);
        Put(sections, ItemTableSection.IdSlots, slots);
    }

    private static void WriteNumbers(IReadOnlyList<CatalogueRow> rows, byte[][] sections)
    {
        var flags = new ItemFlags[rows.Count];
        var timestamps = new long[rows.Count];
        var idIndexes = new int[rows.Count];
        var popularity = new float[rows.Count];
        for (var row = 0; row < rows.Count; row++)
        {
            var (item, idIndex, popular) = rows[row];
            if (!float.IsFinite(popular) || popular < 0 || idIndex < 0)
            {
                throw new ArgumentException($"Item '{item.ItemId}' has popularity {popular} and id index {idIndex}; both must be at least 0.", nameof(rows));
            }

            flags[row] = (item.IsHidden ? ItemFlags.Hidden : 0) | (item.LabelsJson is null ? 0 : ItemFlags.HasLabels);
            timestamps[row] = item.Timestamp?.UtcTicks ?? ItemTable.NoTimestamp;
            idIndexes[row] = idIndex;
            popularity[row] = popular;
        }

        Put(sections, ItemTableSection.Flags, flags);
        Put(sections, ItemTableSection.Timestamps, timestamps);
        Put(sections, ItemTableSection.IdIndexes, idIndexes);
        Put(sections, ItemTableSection.Popularity, popularity);
        var all = Enumerable.Range(0, rows.Count);
        Put(sections, ItemTableSection.PopularOrder, all.OrderByDescending(row => popularity[row]).ToArray());
        var dated = all.Where(row => timestamps[row] != ItemTable.NoTimestamp);
        Put(sections, ItemTableSection.LatestOrder, dated.OrderByDescending(row => timestamps[row]).ToArray());
    }

    private static void WriteTexts<T>(
        IReadOnlyList<T> rows, Func<T, string> text, byte[][] sections, ItemTableSection offsetSection, ItemTableSection byteSection)
    {
        var offsets = new uint[rows.Count + 1];
        long total = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            total += Encoding.UTF8.GetByteCount(text(rows[row]));
            if (total > Array.MaxLength)
            {
                throw new InvalidOperationException($"The {byteSection} of the items are longer than {Array.MaxLength} bytes together.");
            }

            offsets[row + 1] = (uint)total;
        }

        var bytes = new byte[total];
        for (var row = 0; row < rows.Count; row++)
        {
            Encoding.UTF8.GetBytes(text(rows[row]), bytes.AsSpan((int)offsets[row]));
        }

        Put(sections, offsetSection, offsets);
        sections[(int)byteSection] = bytes;
    }

    private static void WriteFile(byte[][] sections, ItemTableHeader header, Stream destination)
    {
        long offset = ItemTableHeader.Length;
        for (var section = 1; section <= ItemTableHeader.SectionCount; section++)
        {
            offset = Align(offset);
            header.Sections[section] = (offset, sections[section].Length, XxHash64.HashToUInt64(sections[section]));
            offset += sections[section].Length;
        }

        header.FileLength = offset;
        destination.Write(header.Write());
        offset = ItemTableHeader.Length;
        Span<byte> padding = stackalloc byte[ItemTableHeader.SectionAlignment];
        padding.Clear();
        for (var section = 1; section <= ItemTableHeader.SectionCount; section++)
        {
            destination.Write(padding[..(int)(Align(offset) - offset)]);
            destination.Write(sections[section]);
            offset = Align(offset) + sections[section].Length;
        }
    }

    private static long Align(long offset) =>
        (offset + ItemTableHeader.SectionAlignment - 1) / ItemTableHeader.SectionAlignment * ItemTableHeader.SectionAlignment;

    private static void Put<T>(byte[][] sections, ItemTableSection section, T[] values)
        where T : unmanaged =>
        sections[(int)section] = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
