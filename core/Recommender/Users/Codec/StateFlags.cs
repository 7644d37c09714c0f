namespace ServerlessRec.Recommender.Users.Codec;

/// <summary>Which optional parts of the user section follow.</summary>
internal static class StateFlags
{
    public const int Labels = 1;
    public const int DeletedAt = 2;
    public const int IsDeleted = 4;
    public const int Vector = 8;
    public const int All = Labels | DeletedAt | IsDeleted | Vector;
}

/// <summary>How a history entry's value and position are written.</summary>
internal static class EntryFlags
{
    public const int One = 1;
    public const int Single = 2;
    public const int Import = 4;
    public const int Overwrite = 8;
    public const int All = One | Single | Import | Overwrite;
}
