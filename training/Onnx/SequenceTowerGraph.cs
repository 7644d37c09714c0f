using System.Globalization;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Onnx;

/// <summary>
/// The sequence user tower as an ONNX model; names and shapes are <see cref="FeatureSpec"/>'s contract. All blocks but the last work on all
/// entries, the last one on the newest only, because nothing else of it is asked. Padding stands on the right, where no entry looks.
/// </summary>
internal sealed class SequenceTowerGraph
{
    private readonly OnnxGraph _graph = new("user_tower");
    private readonly SequenceTowerNetwork _network;
    private readonly int _own;
    private readonly int _historyLength;
    private readonly string _positions;
    private readonly string _newest;

    private SequenceTowerGraph(TowerPair towers, string types, string weights)
    {
        _network = (SequenceTowerNetwork)towers.Users;
        _own = towers.Items.Dimensions;
        _historyLength = towers.Spec.HistoryLength;
        var length = _graph.Node("Gather", _graph.Node("Shape", types), _graph.Constant("one", 1L));
        _positions = _graph.Node("Range", _graph.Constant("zero", 0L), length, _graph.Constant("one", 1L)); // [L]
        var count = _graph.Node("Cast", [("to", OnnxGraph.ElementInt64)], _graph.Node("ReduceSum", weights, _graph.Longs("entries", 1))); // [B, 1]
        _newest = NotNegative(_graph.Node("Sub", count, _graph.Constant("one", 1L)));
    }

    /// <summary>The model file of a trained user tower whose prior is settled.</summary>
    public static byte[] Write(TowerPair towers)
    {
        var writer = new SequenceTowerGraph(towers, "history_types", "history_weights");
        var (graph, dimensions) = (writer._graph, towers.Spec.Dimensions);
        var history = graph.FloatInput("history_vectors", "B", "L", dimensions.ToString(CultureInfo.InvariantCulture));
        var types = graph.LongInput("history_types", "B", "L");
        graph.FloatInput("history_weights", "B", "L");
        graph.FloatInput("history_ages", "B", "L"); // part of the contract; this tower reads the order only
        var scaled = graph.Node("Mul", graph.OwnVectors(history, dimensions, towers.Prior.VectorScale), graph.Constant("input_scale", [writer._network.InputScale]));
        var x = graph.Node("Add", scaled, graph.Node("Gather", graph.Constant(writer._network.Types), types)); // [B, L, D']
        var blocks = writer._network.Blocks;
        for (var block = 0; block < blocks.Count - 1; block++)
        {
            x = writer.OfAll(blocks[block], x);
        }

        var user = writer.Norm(writer.OfNewest(blocks[^1], x), writer._network.LastNorm); // [B, D']
        graph.UserVectorOutput(graph.UnitLength(user, axis: 1), dimensions);
        return graph.ToModel();
    }

    // [B, L, D'] → [B, L, D'].
    private string OfAll(SequenceBlock block, string x)
    {
        var normed = Norm(x, block.FirstNorm);
        var distances = _graph.Node(
            "Sub", _graph.Node("Unsqueeze", _positions, _graph.Longs("second", 1)), _graph.Node("Unsqueeze", _positions, _graph.Longs("first", 0))); // [L, L]
        var bias = _graph.Node("Add", _graph.Transposed(BiasOf(block, distances), 2, 0, 1), Future(distances)); // [H, L, L]
        var queries = _graph.Transposed(Split(_graph.Node("MatMul", normed, _graph.Constant(block.Queries)), block), 0, 2, 1, 3);
        var seen = Attend(block, normed, queries, bias); // [B, H, L, D' / H]
        var joined = _graph.Node("Reshape", _graph.Transposed(seen, 0, 2, 1, 3), _graph.Longs("rows", 0, 0, _own));
        return WithNetwork(block, x, joined);
    }

    // [B, L, D'] → [B, D'].
    private string OfNewest(SequenceBlock block, string x)
    {
        var normed = Norm(x, block.FirstNorm);
        var distances = _graph.Node("Sub", _newest, _graph.Node("Unsqueeze", _positions, _graph.Longs("first", 0))); // [B, L]
        var bias = _graph.Node(
            "Add", _graph.Transposed(BiasOf(block, distances), 0, 2, 1), _graph.Node("Unsqueeze", Future(distances), _graph.Longs("second", 1))); // [B, H, L]
        var query = _graph.Node("MatMul", Newest(normed), _graph.Constant(block.Queries)); // [B, D']
        query = _graph.Node("Reshape", query, _graph.Longs("heads_of_one", -1, block.Heads, 1, _own / block.Heads));
        var seen = Attend(block, normed, query, _graph.Node("Unsqueeze", bias, _graph.Longs("third", 2))); // [B, H, 1, D' / H]
        return WithNetwork(block, Newest(x), _graph.Node("Reshape", seen, _graph.Longs("joined_one", -1, _own)));
    }

    private string Attend(SequenceBlock block, string normed, string queries, string bias)
    {
        var keys = _graph.Transposed(Split(_graph.Node("MatMul", normed, _graph.Constant(block.Keys)), block), 0, 2, 3, 1);
        var values = _graph.Transposed(Split(_graph.Node("MatMul", normed, _graph.Constant(block.Values)), block), 0, 2, 1, 3);
        var scale = _graph.Constant("attention_scale", [(float)(1 / Math.Sqrt((double)_own / block.Heads))]);
        var logits = _graph.Node("Add", _graph.Node("Mul", _graph.Node("MatMul", queries, keys), scale), bias);
        return _graph.Node("MatMul", _graph.Node("Softmax", [("axis", 3)], logits), values);
    }

    private string WithNetwork(SequenceBlock block, string x, string joined)
    {
        x = _graph.Node("Add", x, _graph.Node("MatMul", joined, _graph.Constant(block.Out)));
        var wide = _graph.Node("Add", _graph.Node("MatMul", Norm(x, block.SecondNorm), _graph.Constant(block.Widen)), _graph.Constant(block.WidenBias));
        var narrow = _graph.Node("MatMul", _graph.Node("Relu", wide), _graph.Constant(block.Narrow));
        return _graph.Node("Add", x, _graph.Node("Add", narrow, _graph.Constant(block.NarrowBias)));
    }

    // Distances of any shape → that shape and H.
    private string BiasOf(SequenceBlock block, string distances)
    {
        var weights = block.Distances.Numbers;
        var table = new float[_historyLength * block.Heads];
        Span<float> figures = stackalloc float[SequenceDistances.Features];
        for (var at = 0; at < table.Length; at++)
        {
            SequenceDistances.Write(at / block.Heads, figures);
            for (var feature = 0; feature < figures.Length; feature++)
            {
                table[at] += figures[feature] * weights[(feature * block.Heads) + (at % block.Heads)];
            }
        }

        return _graph.Node("Gather", _graph.Constant(block.Distances.Name, table, _historyLength, block.Heads), NotNegative(distances));
    }

    private string Future(string distances) => _graph.Node(
        "Where",
        _graph.Node("Less", distances, _graph.Constant("zero", 0L)),
        _graph.Constant("never", [-SequenceTowerNetwork.Never]),
        _graph.Constant("always", [0f]));

    private string NotNegative(string numbers) => _graph.Node("Max", numbers, _graph.Constant("zero", 0L));

    private string Newest(string x) => _graph.Node("GatherND", [("batch_dims", 1)], x, _newest);

    private string Norm(string x, (Weight Gain, Weight Bias) norm) =>
        _graph.Node("LayerNormalization", x, _graph.Constant(norm.Gain), _graph.Constant(norm.Bias));

    private string Split(string x, SequenceBlock block) =>
        _graph.Node("Reshape", x, _graph.Longs("heads", 0, 0, block.Heads, _own / block.Heads));
}
