using System.Globalization;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Learning;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Onnx;

/// <summary>
/// The sequence user tower as an ONNX model; names and shapes are <see cref="FeatureSpec"/>'s contract. All blocks but the last work on all
/// entries, the last one on the newest only, because nothing else of it is asked. Padding stands on the right, where no entry looks.
/// </summary>
/// <remarks>
/// The state of all entries is kept as rows, [B·L, D'], so that products take their addends along: for one history a node costs about as much
/// as what it works out. A history of nothing but padding has no newest entry, and its last row stands in: all rows of it are alike.
/// </remarks>
internal sealed class SequenceTowerGraph
{
    private readonly OnnxGraph _graph = new("user_tower");
    private readonly SequenceTowerNetwork _network;
    private readonly int _own;
    private readonly int _longest;
    private readonly string _shape;
    private readonly string _length;
    private readonly string _newest;

    private SequenceTowerGraph(TowerPair towers, string types, string weights)
    {
        _network = (SequenceTowerNetwork)towers.Users;
        (_own, _longest) = (towers.Items.Dimensions, towers.Spec.HistoryLength);
        _shape = _graph.Node("Shape", types); // B, L
        _length = _graph.Node("Shape", [("start", 1)], types);
        var count = _graph.Node("Cast", [("to", OnnxGraph.ElementInt64)], _graph.Node("ReduceSum", weights, _graph.Longs("entries", 1)));
        _newest = _graph.Node("Sub", count, _graph.Constant("one", 1L)); // [B, 1]
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
        var x = writer.Entries(history, types, dimensions, towers.Prior.VectorScale);
        var blocks = writer._network.Blocks;
        for (var block = 0; block < blocks.Count - 1; block++)
        {
            x = writer.OfAll(writer.Constants(block), x);
        }

        var user = writer.Norm(writer.OfNewest(writer.Constants(blocks.Count - 1), x), writer._network.LastNorm); // [B, D']
        graph.UserVectorOutput(user, dimensions);
        return graph.ToModel();
    }

    private SequenceBlockConstants Constants(int block) => new(_network.Blocks[block], FormattableString.Invariant($"user.block{block}"), _own);

    // The vectors without the prior's numbers, scaled, and what their types add: [B·L, D'].
    private string Entries(string history, string types, int dimensions, float vectorScale)
    {
        var select = new float[dimensions * _own];
        for (var number = 0; number < _own; number++)
        {
            select[(number * _own) + number] = _network.InputScale / vectorScale;
        }

        var rows = _graph.Node("Reshape", history, _graph.Longs("rows", -1, dimensions));
        var ofTypes = _graph.Node("Gather", _graph.Constant(_network.Types), _graph.Node("Reshape", types, _graph.Longs("flat", -1)));
        return _graph.Node("Gemm", rows, _graph.Constant("select", select, dimensions, _own), ofTypes);
    }

    // [B·L, D'] → [B·L, D'].
    private string OfAll(SequenceBlockConstants block, string x)
    {
        var between = _graph.Constant(block.Name + ".places", block.BetweenPlaces(_longest), block.Block.Heads, _longest, _longest);
        var used = _graph.Node("Concat", [("axis", 0)], _length, _length);
        var bias = _graph.Node("Slice", between, _graph.Longs("from", 0, 0), used, _graph.Longs("between", 1, 2)); // [H, L, L]
        var all = Product(Norm(x, block.Block.FirstNorm), block.Name + ".queries_keys_values", block.QueriesKeysValues, 3 * _own);
        var shape = _graph.Node("Concat", [("axis", 0)], _shape, _graph.Longs("heads", -1, _own / block.Block.Heads));
        var heads = _graph.Split(_graph.Transposed(_graph.Node("Reshape", all, shape), 0, 2, 1, 3), axis: 1, parts: 3); // [B, H, L, D' / H] each
        var logits = _graph.Node("Add", _graph.Node("MatMul", heads[0], _graph.Transposed(heads[1], 0, 1, 3, 2)), bias);
        var seen = _graph.Transposed(_graph.Node("MatMul", _graph.Node("Softmax", [("axis", 3)], logits), heads[2]), 0, 2, 1, 3);
        var joined = _graph.Node("Reshape", seen, _graph.Longs("joined", -1, _own));
        return WithNetwork(block, _graph.Node("Gemm", joined, _graph.Constant(block.Block.Out), x));
    }

    // [B·L, D'] → [B, D']. One query a history: it goes to the entries, and what it saw of them to the values, and neither keys nor values of
    // all entries are worked out.
    private string OfNewest(SequenceBlockConstants block, string x)
    {
        var heads = block.Block.Heads;
        var entries = _graph.Node("Reshape", x, _graph.Node("Concat", [("axis", 0)], _shape, _graph.Longs("own", _own))); // [B, L, D']
        var newest = _graph.Node("GatherND", [("batch_dims", 1)], entries, _newest); // [B, D']
        var queries = Product(Norm(newest, block.Block.FirstNorm), block.Name + ".queries_by_keys", block.QueriesByKeys, heads * _own);
        queries = _graph.Node("Reshape", queries, _graph.Longs("queries", -1, heads, _own));
        var normed = Norm(entries, block.Block.FirstNorm);
        var logits = _graph.Node("Add", _graph.Node("MatMul", queries, _graph.Transposed(normed)), BiasOfNewest(block)); // [B, H, L]
        var seen = _graph.Node("MatMul", _graph.Node("Softmax", [("axis", 2)], logits), normed); // [B, H, D']
        var flat = _graph.Node("Reshape", seen, _graph.Longs("seen", -1, heads * _own));
        var values = _graph.Constant(block.Name + ".values_by_out", block.ValuesByOut, heads * _own, _own);
        return WithNetwork(block, _graph.Node("Gemm", flat, values, newest));
    }

    private string BiasOfNewest(SequenceBlockConstants block)
    {
        var places = new long[_longest];
        for (var place = 0; place < places.Length; place++)
        {
            places[place] = place - _longest;
        }

        var first = _graph.Longs("first", 0);
        var used = _graph.Node("Slice", _graph.Longs("places", places), first, _length, first); // [L]
        var table = _graph.Constant(block.Name + ".distances", block.ByDistance(_longest), 2 * _longest, block.Block.Heads);
        return _graph.Transposed(_graph.Node("Gather", table, _graph.Node("Sub", _newest, used))); // [B, H, L]
    }

    // x and what the network makes of it, of as many rows.
    private string WithNetwork(SequenceBlockConstants block, string x)
    {
        var units = block.WidenBias.Length;
        var wide = _graph.Node(
            "Gemm",
            Norm(x, block.Block.SecondNorm),
            _graph.Constant(block.Name + ".widen", block.Widen, _own, units),
            _graph.Constant(block.Name + ".widen.bias", block.WidenBias));
        return _graph.Node("Gemm", _graph.Node("Relu", wide), _graph.Constant(block.Name + ".narrow", block.Narrow, units, _own), x);
    }

    private string Product(string x, string name, float[] weights, int columns) => _graph.Node("MatMul", x, _graph.Constant(name, weights, _own, columns));

    private string Norm(string x, (Weight Gain, Weight Bias) norm) =>
        _graph.Node("LayerNormalization", x, _graph.Constant(norm.Gain), _graph.Constant(norm.Bias));
}
