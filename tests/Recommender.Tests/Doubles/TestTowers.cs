using static ServerlessRec.Recommender.Tests.Doubles.OnnxWriter;

namespace ServerlessRec.Recommender.Tests.Doubles;

/// <summary>Towers whose answers a test can compute: the item vector is the item's own embedding, the user vector the mean of the history's.</summary>
internal static class TestTowers
{
    public static byte[] User { get; } = Model(
        [
            Node("Unsqueeze", ["history_weights", "two"], "weights"),
            Node("Mul", ["history_vectors", "weights"], "weighted"),
            Node("ReduceSum", ["weighted", "one"], "sum", ("keepdims", 0)),
            Node("ReduceL2", ["sum", "one"], "norm", ("keepdims", 1)),
            Node("Add", ["norm", "epsilon"], "length"),
            Node("Div", ["sum", "length"], "user_vectors"),
        ],
        [Longs("one", 1), Longs("two", 2), Scalar("epsilon", 1e-12f)],
        [
            Value("history_vectors", Float, "B", "L", "D"), Value("history_types", Long, "B", "L"),
            Value("history_weights", Float, "B", "L"), Value("history_ages", Float, "B", "L"),
        ],
        Value("user_vectors", Float, "B", "D"));

    public static byte[] Item { get; } = Model(
        [
            Node("ReduceL2", ["numbers", "one"], "norm", ("keepdims", 1)),
            Node("Add", ["norm", "epsilon"], "length"),
            Node("Div", ["numbers", "length"], "item_vectors"),
        ],
        [Longs("one", 1), Scalar("epsilon", 1e-12f)],
        [Value("numbers", Float, "B", "N")],
        Value("item_vectors", Float, "B", "N"));
}
