namespace ServerlessRec.Api.Keys;

/// <summary>What a key opens. A greater scope includes the smaller ones.</summary>
public enum KeyScope
{
    /// <summary>No key needed: health.</summary>
    None = 0,

    /// <summary>Recommendations, items, users, histories.</summary>
    Read = 1,

    /// <summary>Feedback, and changes of items and users.</summary>
    Write = 2,

    /// <summary>Releases, rebuild, dead letters.</summary>
    Admin = 3,
}
