using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Onnx;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Publishing;

/// <summary>Two trained towers as ONNX files.</summary>
internal sealed record ExportedTowers(byte[] ItemTower, byte[] UserTower)
{
    public static ExportedTowers Of(TowerPair towers) => new(
        ItemTowerGraph.Write(towers),
        towers.Users is SequenceTowerNetwork ? SequenceTowerGraph.Write(towers) : PooledTowerGraph.Write(towers));
}
