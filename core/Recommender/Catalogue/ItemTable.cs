using System.Runtime.CompilerServices;
using System.Text;
using ServerlessRec.Recommender.Buffers;

namespace ServerlessRec.Recommender.Catalogue;

/// <summary>
/// The items of a release, read in place from items.bin (docs/formats/items-bin.md): opening parses no string. A row is an item's
/// ordinal in the index. Thread-safe until disposed; spans must not outlive it.
/// </summary>
public sealed class ItemTable : IDisposable
{
    /// <summary>The file's name in a release.</summary>
    public const string FileName = "items.bin";

    internal const long NoTimestamp = long.MinValue;

    private readonly NativeBuffer _file;
    private readonly ItemTableColumns _columns;
    private readonly Lazy<Dictionary<string, int>> _categoryNumbers;
    private readonly Lazy<int[]> _hiddenRows;

    private ItemTable(NativeBuffer file, ItemTableColumns columns)
    {
        _file = file;
        _columns = columns;
        _categoryNumbers = new Lazy<Dictionary<string, int>>(NumberCategories);
        _hiddenRows = new Lazy<int[]>(FindHidden);
    }

    /// <summary>Rows.</summary>
    public int Count => _columns.Rows;

    /// <summary>Distinct categories; they are numbered from 0.</summary>
    public int CategoryCount => _columns.Categories;

    /// <summary>All rows, most popular first; equally popular ones by row. Hidden ones are among them.</summary>
    public ReadOnlySpan<int> PopularOrder => _columns.PopularOrder.Span;

    /// <summary>Rows that have a timestamp, latest first; equally old ones by row. Hidden ones are among them.</summary>
    public ReadOnlySpan<int> LatestOrder => _columns.LatestOrder.Span;

    /// <summary>Popularity by row.</summary>
    public ReadOnlySpan<float> Popularity => _columns.Popularity.Span;

    /// <summary><see cref="ItemHash"/> by row.</summary>
    public ReadOnlySpan<ulong> Hashes => _columns.IdHashes.Span;

    /// <summary>Rows of hidden items, ascending; found when first wanted.</summary>
    public ReadOnlySpan<int> HiddenRows => _hiddenRows.Value;

    /// <summary>Opens a table and takes ownership of <paramref name="file"/>, which is freed when the table is refused.</summary>
    /// <exception cref="ItemTableFormatException">The bytes are no whole items.bin; the message says where.</exception>
    public static ItemTable Open(NativeBuffer file)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            return new ItemTable(file, ItemTableColumns.Open(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The row of an item; false when the table does not hold it.</summary>
    [SkipLocalsInit]
    public bool TryFind(string itemId, out int row)
    {
        ArgumentNullException.ThrowIfNull(itemId);
        var length = Encoding.UTF8.GetMaxByteCount(itemId.Length);
        Span<byte> utf8 = length <= 1024 ? stackalloc byte[1024] : new byte[length];
        utf8 = utf8[..Encoding.UTF8.GetBytes(itemId, utf8)];
        var slots = _columns.IdSlots.Span;
        var hash = ItemHash.Of(utf8);
        for (var slot = IdSlots.First(hash, slots.Length); slots[slot] != IdSlots.Empty; slot = IdSlots.Next(slot, slots.Length))
        {
            row = slots[slot];
            if (_columns.IdHashes[row] == hash && IdUtf8(row).SequenceEqual(utf8))
            {
                return true;
            }
        }

        row = -1;
        return false;
    }

    /// <summary>The row whose id has this <see cref="ItemHash"/>; false when there is none.</summary>
    public bool TryFind(ulong hash, out int row)
    {
        var slots = _columns.IdSlots.Span;
        for (var slot = IdSlots.First(hash, slots.Length); slots[slot] != IdSlots.Empty; slot = IdSlots.Next(slot, slots.Length))
        {
            row = slots[slot];
            if (_columns.IdHashes[row] == hash)
            {
                return true;
            }
        }

        row = -1;
        return false;
    }

    /// <summary>An item's id, UTF-8.</summary>
    public ReadOnlySpan<byte> IdUtf8(int row) => _columns.IdBytes.Slice(_columns.IdOffsets[row], _columns.IdOffsets[row + 1]);

    /// <summary>An item's id.</summary>
    public string Id(int row) => Encoding.UTF8.GetString(IdUtf8(row));

    /// <summary>Whether an item is hidden.</summary>
    public bool IsHidden(int row) => _columns.Flags[row].HasFlag(ItemFlags.Hidden);

    /// <summary>UTC ticks of an item's timestamp; null when it has none.</summary>
    public long? TimestampTicks(int row) => _columns.Timestamps[row] is var ticks && ticks == NoTimestamp ? null : ticks;

    /// <summary>An item's categories, by number, in the item's order.</summary>
    public ReadOnlySpan<int> Categories(int row) => _columns.RowCategories.Slice(_columns.RowCategoryOffsets[row], _columns.RowCategoryOffsets[row + 1]);

    /// <summary>The rows of a category, ascending.</summary>
    public ReadOnlySpan<int> CategoryRows(int category) =>
        _columns.CategoryRows.Slice(_columns.CategoryRowOffsets[category], _columns.CategoryRowOffsets[category + 1]);

    /// <summary>The number of a category; false when no item has it.</summary>
    public bool TryFindCategory(string name, out int category) => _categoryNumbers.Value.TryGetValue(name, out category);

    /// <summary>The name of a category.</summary>
    public string CategoryName(int category) =>
        Encoding.UTF8.GetString(_columns.CategoryNameBytes.Slice(_columns.CategoryNameOffsets[category], _columns.CategoryNameOffsets[category + 1]));

    /// <summary>An item's labels, UTF-8 JSON; empty when it has none.</summary>
    public ReadOnlySpan<byte> LabelsUtf8(int row) => _columns.LabelBytes.Slice(_columns.LabelOffsets[row], _columns.LabelOffsets[row + 1]);

    /// <summary>A whole row.</summary>
    public CatalogueRow Read(int row)
    {
        var numbers = Categories(row);
        var categories = new string[numbers.Length];
        for (var i = 0; i < categories.Length; i++)
        {
            categories[i] = CategoryName(numbers[i]);
        }

        var item = new Item
        {
            ItemId = Id(row),
            IsHidden = IsHidden(row),
            Categories = categories,
            Timestamp = TimestampTicks(row) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            LabelsJson = _columns.Flags[row].HasFlag(ItemFlags.HasLabels) ? Encoding.UTF8.GetString(LabelsUtf8(row)) : null,
            Comment = Encoding.UTF8.GetString(_columns.CommentBytes.Slice(_columns.CommentOffsets[row], _columns.CommentOffsets[row + 1])),
        };
        return new CatalogueRow(item, _columns.IdIndexes[row], _columns.Popularity[row]);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private int[] FindHidden()
    {
        var hidden = new List<int>();
        for (var row = 0; row < Count; row++)
        {
            if (IsHidden(row))
            {
                hidden.Add(row);
            }
        }

        return [.. hidden];
    }

    private Dictionary<string, int> NumberCategories()
    {
        var numbers = new Dictionary<string, int>(CategoryCount, StringComparer.Ordinal);
        for (var category = 0; category < CategoryCount; category++)
        {
            numbers[CategoryName(category)] = category;
        }

        return numbers;
    }
}
