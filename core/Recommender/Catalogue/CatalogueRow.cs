namespace ServerlessRec.Recommender.Catalogue;

/// <summary>One row of a release: an item and what training or feedback found out about it.</summary>
/// <param name="Item">The item.</param>
/// <param name="IdIndex">The item's place in the item tower's id table; 0: no id embedding (a new item).</param>
/// <param name="Popularity">Weight of its feedback, decayed or not; finite, at least 0. Greater is more popular.</param>
public sealed record CatalogueRow(Item Item, int IdIndex, float Popularity);
