namespace ServerlessRec.Index;

/// <summary>What <see cref="HnswOverlay.Merge"/> built.</summary>
/// <param name="Index">The new index; its ordinals are 0 to count − 1 without gaps, in the order of the overlay's.</param>
/// <param name="OverlayOrdinals">For each new ordinal the one it had in the overlay.</param>
public sealed record OverlayMerge(HnswIndex Index, ReadOnlyMemory<int> OverlayOrdinals);
