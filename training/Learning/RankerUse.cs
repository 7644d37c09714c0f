namespace ServerlessRec.Training.Learning;

/// <summary>Whether a ranker is learned.</summary>
public enum RankerUse
{
    /// <summary>Learned, and in the release when validation sees it raise NDCG@10.</summary>
    Auto,

    /// <summary>Not learned.</summary>
    Off,
}
