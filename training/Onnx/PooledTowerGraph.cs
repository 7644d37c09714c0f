using System.Globalization;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Onnx;

/// <summary>The pooled user tower as an ONNX model; names and shapes are <see cref="FeatureSpec"/>'s contract.</summary>
internal static class PooledTowerGraph
{
    /// <summary>The model file of a trained user tower whose prior is settled.</summary>
    public static byte[] Write(TowerPair towers)
    {
        var network = (PooledTowerNetwork)towers.Users;
        var (weight, means, dimensions) = (new PooledTowerConstants(towers, network), network.Means, towers.Spec.Dimensions);
        var graph = new OnnxGraph("user_tower");
        var vectors = graph.FloatInput("history_vectors", "B", "L", Width(dimensions));
        var types = graph.LongInput("history_types", "B", "L");
        var weights = graph.FloatInput("history_weights", "B", "L");
        var ages = graph.FloatInput("history_ages", "B", "L");

        var logits = graph.Node("MatMul", vectors, graph.Constant("queries", weight.Queries, dimensions, means)); // [B, L, H]
        logits = graph.Node("Add", logits, graph.Node("Gather", graph.Constant("types", weight.Types, weight.Types.Length / means, means), types));
        logits = graph.Node("Add", graph.Transposed(logits), Times(graph, weight, weights, ages, means));
        var shares = graph.Node("Softmax", [("axis", 2)], logits); // [B, H, L]
        var pooled = graph.Node("Reshape", graph.Node("MatMul", shares, vectors), graph.Longs("flat", -1, means * dimensions)); // [B, H·D]
        graph.UserVectorOutput(Mlp(graph, weight, pooled, means * dimensions), dimensions);
        return graph.ToModel();
    }

    // What age, place and being padding add to the logits: [B, H, L].
    private static string Times(OnnxGraph graph, PooledTowerConstants weight, string weights, string ages, int means)
    {
        var times = graph.Node("Concat", [("axis", 1)], ages, Place(graph, weights), weights); // [B, 3·L]
        times = graph.Node("Reshape", times, graph.Longs("times", 0, PooledTowerConstants.Times, -1)); // [B, 3, L]
        var units = weight.AgeUnits + PooledTowerConstants.Times;
        var hidden = graph.Node(
            "Relu", graph.Node("MatMul", graph.Constant("times.first", weight.TimesFirst, units, PooledTowerConstants.Times), times));
        return graph.Node("MatMul", graph.Constant("times.second", weight.TimesSecond, means, units), hidden);
    }

    // means · R + MLP(means): [B, D'].
    private static string Mlp(OnnxGraph graph, PooledTowerConstants weight, string pooled, int width)
    {
        var residual = graph.Node(
            "Gemm", pooled, graph.Constant("residual", weight.Residual, width, weight.Own), graph.Constant(weight.MlpSecondBias));
        var hidden = graph.Node("Relu", graph.Node(
            "Gemm", pooled, graph.Constant("mlp.first", weight.MlpFirst, width, weight.MlpUnits), graph.Constant(weight.MlpFirstBias)));
        return graph.Node("Gemm", hidden, graph.Constant(weight.MlpSecond), residual);
    }

    // ln(1 + how many entries are newer), far below zero for padding: [B, L].
    private static string Place(OnnxGraph graph, string weights)
    {
        var from = graph.Node("CumSum", [("reverse", 1)], weights, graph.Constant("cumsum_axis", 1L));
        return graph.Node("Log", graph.Node("Max", from, graph.Constant("least", [1e-9f])));
    }

    private static string Width(int dimensions) => dimensions.ToString(CultureInfo.InvariantCulture);
}
