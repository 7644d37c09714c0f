using System.IO.Hashing;
using System.Runtime.CompilerServices;
using ServerlessRec.Recommender.Buffers;

namespace ServerlessRec.Recommender.Catalogue;

/// <summary>The sections of an items.bin whose checksums, lengths and references have been checked: no read of them can leave the file.</summary>
internal sealed unsafe class ItemTableColumns
{
    private readonly NativeBuffer _file;
    private readonly ItemTableHeader _header;

    private ItemTableColumns(NativeBuffer file, ItemTableHeader header)
    {
        _file = file;
        _header = header;
        IdOffsets = Open<uint>(ItemTableSection.IdOffsets, Rows + 1L);
        IdBytes = Open<byte>(ItemTableSection.IdBytes, null);
        IdHashes = Open<ulong>(ItemTableSection.IdHashes, Rows);
        IdSlots = Open<int>(ItemTableSection.IdSlots, Catalogue.IdSlots.CapacityFor(Rows));
        Flags = Open<ItemFlags>(ItemTableSection.Flags, Rows);
        Timestamps = Open<long>(ItemTableSection.Timestamps, Rows);
        IdIndexes = Open<int>(ItemTableSection.IdIndexes, Rows);
        Popularity = Open<float>(ItemTableSection.Popularity, Rows);
        PopularOrder = Open<int>(ItemTableSection.PopularOrder, Rows);
        LatestOrder = Open<int>(ItemTableSection.LatestOrder, null);
        CategoryNameOffsets = Open<uint>(ItemTableSection.CategoryNameOffsets, Categories + 1L);
        CategoryNameBytes = Open<byte>(ItemTableSection.CategoryNameBytes, null);
        RowCategoryOffsets = Open<uint>(ItemTableSection.RowCategoryOffsets, Rows + 1L);
        RowCategories = Open<int>(ItemTableSection.RowCategories, null);
        CategoryRowOffsets = Open<uint>(ItemTableSection.CategoryRowOffsets, Categories + 1L);
        CategoryRows = Open<int>(ItemTableSection.CategoryRows, RowCategories.Length);
        LabelOffsets = Open<uint>(ItemTableSection.LabelOffsets, Rows + 1L);
        LabelBytes = Open<byte>(ItemTableSection.LabelBytes, null);
        CommentOffsets = Open<uint>(ItemTableSection.CommentOffsets, Rows + 1L);
        CommentBytes = Open<byte>(ItemTableSection.CommentBytes, null);
    }

    public int Rows => _header.Rows;

    public int Categories => _header.Categories;

    public Column<uint> IdOffsets { get; }

    public Column<byte> IdBytes { get; }

    public Column<ulong> IdHashes { get; }

    public Column<int> IdSlots { get; }

    public Column<ItemFlags> Flags { get; }

    public Column<long> Timestamps { get; }

    public Column<int> IdIndexes { get; }

    public Column<float> Popularity { get; }

    public Column<int> PopularOrder { get; }

    public Column<int> LatestOrder { get; }

    public Column<uint> CategoryNameOffsets { get; }

    public Column<byte> CategoryNameBytes { get; }

    public Column<uint> RowCategoryOffsets { get; }

    public Column<int> RowCategories { get; }

    public Column<uint> CategoryRowOffsets { get; }

    public Column<int> CategoryRows { get; }

    public Column<uint> LabelOffsets { get; }

    public Column<byte> LabelBytes { get; }

    public Column<uint> CommentOffsets { get; }

    public Column<byte> CommentBytes { get; }

    /// <exception cref="ItemTableFormatException">The file is no whole items.bin.</exception>
    public static ItemTableColumns Open(NativeBuffer file)
    {
        var header = ItemTableHeader.Read(file.Span(0, (int)Math.Min(file.Length, ItemTableHeader.Length)), file.Length);
        var columns = new ItemTableColumns(file, header);
        columns.CheckOffsets(ItemTableSection.IdOffsets, columns.IdOffsets, columns.IdBytes.Length);
        columns.CheckOffsets(ItemTableSection.CategoryNameOffsets, columns.CategoryNameOffsets, columns.CategoryNameBytes.Length);
        columns.CheckOffsets(ItemTableSection.RowCategoryOffsets, columns.RowCategoryOffsets, columns.RowCategories.Length);
        columns.CheckOffsets(ItemTableSection.CategoryRowOffsets, columns.CategoryRowOffsets, columns.CategoryRows.Length);
        columns.CheckOffsets(ItemTableSection.LabelOffsets, columns.LabelOffsets, columns.LabelBytes.Length);
        columns.CheckOffsets(ItemTableSection.CommentOffsets, columns.CommentOffsets, columns.CommentBytes.Length);
        columns.CheckReferences(ItemTableSection.IdSlots, columns.IdSlots, Catalogue.IdSlots.Empty, header.Rows);
        columns.CheckReferences(ItemTableSection.PopularOrder, columns.PopularOrder, 0, header.Rows);
        columns.CheckReferences(ItemTableSection.LatestOrder, columns.LatestOrder, 0, header.Rows);
        columns.CheckReferences(ItemTableSection.RowCategories, columns.RowCategories, 0, header.Categories);
        columns.CheckReferences(ItemTableSection.CategoryRows, columns.CategoryRows, 0, header.Rows);
        columns.Require(columns.IdSlots.Span.Contains(Catalogue.IdSlots.Empty), ItemTableSection.IdSlots, "no slot is empty, so that a lookup would not end");
        return columns;
    }

    private Column<T> Open<T>(ItemTableSection section, long? count)
        where T : unmanaged
    {
        var (offset, length, checksum) = _header.Sections[(int)section];
        var size = Unsafe.SizeOf<T>();
        Require(length % size == 0 && length / size <= int.MaxValue, section, $"{length} bytes are no whole number of entries");
        Require(count is null || length / size == count, section, $"it holds {length / size} entries, not {count}");
        var hash = new XxHash64();
        for (var at = 0L; at < length; at += int.MaxValue)
        {
            hash.Append(_file.Span(offset + at, (int)Math.Min(int.MaxValue, length - at)));
        }

        Require(hash.GetCurrentHashAsUInt64() == checksum, section, "its checksum is wrong");
        return new Column<T>((T*)(_file.First + offset), (int)(length / size));
    }

    private void CheckOffsets(ItemTableSection section, Column<uint> offsets, int end)
    {
        var span = offsets.Span;
        Require(span[0] == 0 && span[^1] == (uint)end, section, $"its offsets do not run from 0 to {end}");
        for (var i = 1; i < span.Length; i++)
        {
            if (span[i] < span[i - 1])
            {
                Require(false, section, $"offset {i} is smaller than the one before");
            }
        }
    }

    private void CheckReferences(ItemTableSection section, Column<int> column, int lowest, int end)
    {
        foreach (var value in column.Span)
        {
            if (value < lowest || value >= end)
            {
                Require(false, section, $"it refers to {value}, outside of {lowest}–{end - 1}");
            }
        }
    }

    private void Require(bool holds, ItemTableSection section, string otherwise)
    {
        if (!holds)
        {
            throw new ItemTableFormatException(section.ToString(), _header.Sections[(int)section].Offset, otherwise);
        }
    }
}
