using System.Globalization;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Onnx;

/// <summary>What both towers' graphs are made of; each part mirrors the network's class of that name.</summary>
internal static class GraphParts
{
    public static string Constant(this OnnxGraph graph, Weight weight) => graph.Constant(weight.Name, weight.Numbers, weight.Shape);

    /// <summary>[B, inputs] → [B, outputs].</summary>
    public static string ResidualMlp(this OnnxGraph graph, ResidualMlp mlp, string x)
    {
        var hidden = graph.Node("Relu", graph.Node("Gemm", x, graph.Constant(mlp.First), graph.Constant(mlp.FirstBias)));
        return graph.Node("Gemm", hidden, graph.Constant(mlp.Second), graph.Constant(mlp.SecondBias));
    }

    /// <summary>Divides by the length along an axis.</summary>
    public static string UnitLength(this OnnxGraph graph, string x, int axis)
    {
        var length = graph.Node("ReduceL2", [("keepdims", 1)], x, graph.Longs("length_axis", axis));
        return graph.Node("Div", x, graph.Node("Max", length, graph.Constant("shortest", [Towers.UnitLength.Shortest])));
    }

    /// <summary>What a user tower ends with, [B, D'], at unit length becomes the output [B, D] with the number that meets the items' prior.</summary>
    public static void UserVectorOutput(this OnnxGraph graph, string users, int dimensions)
    {
        var own = dimensions - PopularityPrior.Width;
        var (placed, meetsPrior) = (new float[own * dimensions], new float[dimensions]);
        for (var number = 0; number < own; number++)
        {
            placed[(number * dimensions) + number] = PopularityPrior.UserScale;
        }

        meetsPrior[own] = PopularityPrior.UserScale;
        var unit = graph.Node("LpNormalization", [("axis", 1), ("p", 2)], users);
        graph.FloatOutput(
            "user_vectors",
            graph.Node("Gemm", unit, graph.Constant("user_scale", placed, own, dimensions), graph.Constant("meets_prior", meetsPrior, 1, dimensions)),
            "B",
            dimensions.ToString(CultureInfo.InvariantCulture));
    }
}
