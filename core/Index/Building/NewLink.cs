namespace ServerlessRec.Index.Building;

/// <summary>A link that is still to be appended to a list.</summary>
internal readonly record struct NewLink(uint From, uint To, float Score, int Level);
