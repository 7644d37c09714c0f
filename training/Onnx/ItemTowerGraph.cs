using System.Globalization;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Onnx;

/// <summary>The item tower as an ONNX model; names and shapes are <see cref="FeatureSpec"/>'s contract.</summary>
internal static class ItemTowerGraph
{
    /// <summary>The model file of a trained item tower whose prior is settled.</summary>
    public static byte[] Write(TowerPair towers)
    {
        var (network, prior) = (towers.Items, towers.Prior);
        var graph = new OnnxGraph("item_tower");
        var ids = graph.LongInput("item_ids", "B");
        var categories = graph.LongInput("category_ids", "B", "C");
        var categoryWeights = graph.FloatInput("category_weights", "B", "C");
        var words = graph.LongInput("text_ids", "B", "T");
        var wordWeights = graph.FloatInput("text_weights", "B", "T");
        var numbers = graph.FloatInput("numbers", "B", Text(towers.Spec.NumberWidth));

        var sum = graph.Node("Gather", Table(graph, network.Ids), ids); // [B, D']
        sum = graph.Node("Add", sum, WeightedSum(graph, network.Categories, categories, categoryWeights));
        sum = graph.Node("Add", sum, WeightedSum(graph, network.Words, words, wordWeights));
        sum = graph.Node("Add", sum, graph.Node("Gemm", numbers, graph.Constant(network.Numbers), graph.Constant(network.Bias)));
        var mixed = network.HasContent ? graph.Node("Add", sum, graph.ResidualMlp(network.Mlp, sum)) : sum;
        var vector = graph.UnitLength(mixed, axis: 1);
        var scaled = graph.Node("Mul", vector, graph.Constant("vector_scale", [prior.VectorScale]));
        var priors = graph.Constant("prior", prior.Rows, prior.Rows.Length / PopularityPrior.Width, PopularityPrior.Width);
        graph.FloatOutput(
            "item_vectors", graph.Node("Concat", [("axis", 1)], scaled, graph.Node("Gather", priors, ids)), "B", Text(towers.Spec.Dimensions));
        return graph.ToModel();
    }

    private static string Table(OnnxGraph graph, EmbeddingTable table) => graph.Constant(table.Name, table.Values, table.Rows, table.Dimensions);

    // [B, C] ids and weights → [B, D']: a batched product of one row of weights with C rows of embeddings.
    private static string WeightedSum(OnnxGraph graph, EmbeddingTable table, string ids, string weights)
    {
        var axis = graph.Longs(table.Name + "_axis", 1);
        var rows = graph.Node("Gather", Table(graph, table), ids); // [B, C, D']
        return graph.Node("Squeeze", graph.Node("MatMul", graph.Node("Unsqueeze", weights, axis), rows), axis);
    }

    private static string Text(int size) => size.ToString(CultureInfo.InvariantCulture);
}
