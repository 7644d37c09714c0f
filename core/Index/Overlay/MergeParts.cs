using ServerlessRec.Index.Snapshots;

namespace ServerlessRec.Index.Overlay;

/// <summary>What a merge reads: the base, the overlay as it stands, and the node of each ordinal of the new index.</summary>
internal sealed record MergeParts(SnapshotImage Image, OverlayView View, OverlayNodeView Added, uint[] Nodes, SymmetricBiases Biases)
{
    public bool IsAdded(int ordinal) => Nodes[ordinal] >= (uint)Image.Count;
}
