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

        var logits = graph.Node("Reshape", Times(graph, weight, weights, ages, means), Shape(graph, types, means)); // [B, L, H]
        logits = graph.Node("Add", logits, graph.Node("Gather", graph.Constant(network.Types), types));
        logits = graph.Node("Add", logits, graph.Node("MatMul", vectors, graph.Constant("queries", weight.Queries, dimensions, means)));
        var shares = graph.Node("Softmax", [("axis", 2)], graph.Transposed(logits)); // [B, H, L]
        var pooled = graph.Node("Reshape", graph.Node("MatMul", shares, vectors), graph.Longs("flat", -1, means * dimensions)); // [B, H·D]

        var sum = graph.UnitLength(Mlp(graph, weight, pooled, means * dimensions, dimensions), axis: 1); // [B, D], zeros where the prior goes
        var user = graph.Node("Mul", sum, graph.Constant("user_scale", [PopularityPrior.UserScale]));
        var meetsPrior = new float[dimensions];
        meetsPrior[dimensions - PopularityPrior.Width] = PopularityPrior.UserScale;
        graph.FloatOutput(
            "user_vectors", graph.Node("Add", user, graph.Constant("meets_prior", meetsPrior, 1, dimensions)), "B", Width(dimensions));
        return graph.ToModel();
    }

    // What age, place and being padding add to the logits: [B·L, H].
    private static string Times(OnnxGraph graph, PooledTowerConstants weight, string weights, string ages, int means)
    {
        var last = graph.Longs("last", 2);
        var padding = graph.Node("Sub", graph.Constant("one", [1]), weights); // [B, L]
        var times = graph.Node(
            "Concat",
            [("axis", 2)],
            graph.Node("Unsqueeze", ages, last),
            graph.Node("Unsqueeze", Place(graph, weights), last),
            graph.Node("Unsqueeze", padding, last));
        times = graph.Node("Reshape", times, graph.Longs("rows", -1, PooledTowerConstants.Times)); // [B·L, 3]
        var units = weight.AgeUnits + PooledTowerConstants.Times;
        var hidden = graph.Node("Relu", graph.Node(
            "Gemm",
            times,
            graph.Constant("times.first", weight.TimesFirst, PooledTowerConstants.Times, units),
            graph.Constant("times.first.bias", weight.TimesFirstBias, units)));
        return graph.Node("Gemm", hidden, graph.Constant("times.second", weight.TimesSecond, units, means), graph.Constant(weight.TimesSecondBias));
    }

    // means · R + MLP(means): [B, D].
    private static string Mlp(OnnxGraph graph, PooledTowerConstants weight, string pooled, int width, int dimensions)
    {
        var residual = graph.Node(
            "Gemm",
            pooled,
            graph.Constant("residual", weight.Residual, width, dimensions),
            graph.Constant("mlp.second.bias", weight.MlpSecondBias, dimensions));
        var hidden = graph.Node("Relu", graph.Node(
            "Gemm", pooled, graph.Constant("mlp.first", weight.MlpFirst, width, weight.MlpUnits), graph.Constant(weight.MlpFirstBias)));
        return graph.Node("Gemm", hidden, graph.Constant("mlp.second", weight.MlpSecond, weight.MlpUnits, dimensions), residual);
    }

    private static string Shape(OnnxGraph graph, string types, int means) =>
        graph.Node("Concat", [("axis", 0)], graph.Node("Shape", types), graph.Longs("means", means));

    // ln(1 + how many entries are newer): [B, L].
    private static string Place(OnnxGraph graph, string weights)
    {
        var newer = graph.Node("CumSum", [("exclusive", 1), ("reverse", 1)], weights, graph.Constant("cumsum_axis", 1L));
        return graph.Node("Log", graph.Node("Add", newer, graph.Constant("plus", [1])));
    }

    private static string Width(int dimensions) => dimensions.ToString(CultureInfo.InvariantCulture);
}
