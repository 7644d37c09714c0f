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

    /// <summary>The item vectors of a history [B, L, D] without the prior's numbers, at unit length: [B, L, D'].</summary>
    public static string OwnVectors(this OnnxGraph graph, string history, int dimensions, float vectorScale)
    {
        var own = graph.Node("Slice", history, graph.Longs("first", 0), graph.Longs("own", dimensions - PopularityPrior.Width), graph.Longs("last", 2));
        return graph.Node("Div", own, graph.Constant("vector_scale", [vectorScale]));
    }

    /// <summary>User vectors of unit length [B, D'] become the output [B, D] with the number that meets the items' prior.</summary>
    public static void UserVectorOutput(this OnnxGraph graph, string users, int dimensions)
    {
        var scaled = graph.Node("Mul", users, graph.Constant("user_scale", [PopularityPrior.UserScale]));
        var padded = graph.Node("Pad", scaled, graph.Longs("pads", 0, 0, 0, PopularityPrior.Width)); // zeros where the prior goes
        var meetsPrior = new float[dimensions];
        meetsPrior[dimensions - PopularityPrior.Width] = PopularityPrior.UserScale;
        graph.FloatOutput(
            "user_vectors",
            graph.Node("Add", padded, graph.Constant("meets_prior", meetsPrior, 1, dimensions)),
            "B",
            dimensions.ToString(CultureInfo.InvariantCulture));
    }
}
