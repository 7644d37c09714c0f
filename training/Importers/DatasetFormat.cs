namespace ServerlessRec.Training.Importers;

/// <summary>Forms of data sets that can be imported; docs/formats/datasets.md describes each.</summary>
public enum DatasetFormat
{
    /// <summary>Folder with ratings.csv, movies.csv and, when there, tags.csv.</summary>
    MovieLens,

    /// <summary>Folder with ratings.dat and movies.dat, fields between "::".</summary>
    MovieTweetings,

    /// <summary>CSV file with USER_ID, ITEM_ID, TIMESTAMP, or a folder with it and optionally files of items and users.</summary>
    Personalize,

    /// <summary>Folder with feedback.jsonl and, when there, items.jsonl and users.jsonl.</summary>
    Gorse,

    /// <summary>Tab-separated file of invoices (.tsv or .tsv.gz), or a folder with one.</summary>
    OnlineRetail,

    /// <summary>Text file (.txt) of lines `user item item …`.</summary>
    ItemLists,
}
