using System.Globalization;
using ServerlessRec.Recommender.Ranking;
using ServerlessRec.Training.Ranking;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Onnx;

/// <summary>The ranker as an ONNX model; names and shapes are the contract of <see cref="RankerFields"/>.</summary>
internal static class RankerGraph
{
    /// <summary>The model file of a learned ranker.</summary>
    public static byte[] Write(RankerNetwork network)
    {
        var graph = new OnnxGraph("ranker");
        var fields = graph.LongInput("field_rows", "B", Text(RankerFields.Count));
        var categories = graph.LongInput("category_rows", "B", Text(RankerFields.MaxCategories));
        var categoryWeights = graph.FloatInput("category_weights", "B", Text(RankerFields.MaxCategories));
        var steps = graph.FloatInput("score_steps", "B", "1");
        var middle = graph.Longs("middle", 1);

        // A table's part of each candidate: [B, F, width].
        string Gathered(EmbeddingTable table, float scoreExtra)
        {
            var values = graph.Constant(table.Name, table.Values, table.Rows, table.Dimensions);
            var weighted = graph.Node("MatMul", graph.Node("Unsqueeze", categoryWeights, middle), graph.Node("Gather", values, categories)); // [B, 1, width]
            var score = table.Values.AsSpan(RankerFields.ScoreRow * table.Dimensions, table.Dimensions).ToArray();
            score[0] += scoreExtra;
            var scored = graph.Node("Unsqueeze", graph.Node("Mul", steps, graph.Constant(table.Name + "_score", score, 1, table.Dimensions)), middle);
            return graph.Node("Concat", [("axis", 1)], graph.Node("Gather", values, fields), weighted, scored);
        }

        string Sum(string x, bool keeps) => graph.Node("ReduceSum", [("keepdims", keeps ? 1 : 0)], x, middle);
        var x = Gathered(network.Embeddings, 0); // [B, F, K]
        var firstOrder = Sum(Gathered(network.FirstOrder, RankerNetwork.ScoreWeight), keeps: false); // [B, 1]
        var sums = Sum(x, keeps: false); // [B, K]
        var pairs = graph.Node("Sub", graph.Node("Mul", sums, sums), Sum(graph.Node("Mul", x, x), keeps: false));
        var weightedPairs = graph.Node("Mul", Sum(pairs, keeps: true), graph.Constant("half_pairs_weight", [network.PairsWeight.Numbers[0] / 2]));
        var flat = graph.Node("Reshape", x, graph.Longs("flat", -1, RankerNetwork.Fields * RankerNetwork.Width));
        var hidden = graph.Node("Relu", graph.Node("Gemm", flat, graph.Constant(network.First), graph.Constant(network.FirstBias)));
        var deep = graph.Node("MatMul", hidden, graph.Constant(network.Second));
        graph.FloatOutput("scores", graph.Node("Add", graph.Node("Add", firstOrder, weightedPairs), deep), "B", "1");
        return graph.ToModel();
    }

    private static string Text(int size) => size.ToString(CultureInfo.InvariantCulture);
}
