namespace ServerlessRec.Recommender.Catalogue;

/// <summary>The sections of items.bin (docs/formats/items-bin.md). Stored in files: never renumber.</summary>
internal enum ItemTableSection
{
    IdOffsets = 1,
    IdBytes = 2,
    IdHashes = 3,
    IdSlots = 4,
    Flags = 5,
    Timestamps = 6,
    IdIndexes = 7,
    Popularity = 8,
    PopularOrder = 9,
    LatestOrder = 10,
    CategoryNameOffsets = 11,
    CategoryNameBytes = 12,
    RowCategoryOffsets = 13,
    RowCategories = 14,
    CategoryRowOffsets = 15,
    CategoryRows = 16,
    LabelOffsets = 17,
    LabelBytes = 18,
    CommentOffsets = 19,
    CommentBytes = 20,
}

/// <summary>What <see cref="ItemTableSection.Flags"/> says of a row.</summary>
[Flags]
internal enum ItemFlags : byte
{
    None = 0,
    Hidden = 1,
    HasLabels = 2,
}
