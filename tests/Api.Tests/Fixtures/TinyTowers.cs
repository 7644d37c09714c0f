using System.Text;

namespace ServerlessRec.Api.Tests.Fixtures;

/// <summary>
/// The smallest towers that fit FeatureSpec, as ONNX files written by hand: the user vector is the mean of the history's vectors, the item
/// vector is the item's embedding label.
/// </summary>
internal static class TinyTowers
{
    private const int Float = 1;
    private const int Int64 = 7;

    /// <summary>user_vectors = normalise(Σ history_vectors × history_weights).</summary>
    public static byte[] User(int dimensions) => Model(
    [
        Node("Unsqueeze", ["history_weights", "two"], "mask"),
        Node("Mul", ["history_vectors", "mask"], "masked"),
        Node("ReduceSum", ["masked", "one"], "sum", ("keepdims", 0)),
        Node("LpNormalization", ["sum"], "user_vectors", ("axis", -1), ("p", 2)),
        Constant("one", 1),
        Constant("two", 2),
        Input("history_vectors", Float, "B", "L", dimensions),
        Input("history_types", Int64, "B", "L"),
        Input("history_weights", Float, "B", "L"),
        Input("history_ages", Float, "B", "L"),
        Value(12, "user_vectors", Float, "B", dimensions),
    ]);

    /// <summary>item_vectors = normalise(numbers).</summary>
    public static byte[] Item(int dimensions) => Model(
    [
        Node("LpNormalization", ["numbers"], "item_vectors", ("axis", -1), ("p", 2)),
        Input("item_ids", Int64, "B"),
        Input("category_ids", Int64, "B", "C"),
        Input("category_weights", Float, "B", "C"),
        Input("text_ids", Int64, "B", "T"),
        Input("text_weights", Float, "B", "T"),
        Input("numbers", Float, "B", dimensions),
        Value(12, "item_vectors", Float, "B", dimensions),
    ]);

    private static byte[] Model(byte[][] parts) =>
        [.. Number(1, 8), .. Message(8, Number(2, 13)), .. Message(7, [.. Text(2, "tower"), .. parts.SelectMany(part => part)])];

    private static byte[] Node(string operation, string[] inputs, string output, params (string Name, long Value)[] attributes) => Message(
        1,
        [
            .. inputs.SelectMany(input => Text(1, input)),
            .. Text(2, output),
            .. Text(4, operation),
            .. attributes.SelectMany(attribute => Message(5, [.. Text(1, attribute.Name), .. Number(3, attribute.Value), .. Number(20, 2)])),
        ]);

    private static byte[] Constant(string name, long value) =>
        Message(5, [.. Number(1, 1), .. Number(2, Int64), .. Text(8, name), .. Message(9, BitConverter.GetBytes(value))]);

    private static byte[] Input(string name, int type, params object[] shape) => Value(11, name, type, shape);

    private static byte[] Value(int field, string name, int type, params object[] shape)
    {
        var dimensions = shape.SelectMany(size => Message(1, size is string symbol ? Text(2, symbol) : Number(1, (int)size)));
        return Message(field, [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, type), .. Message(2, [.. dimensions])]))]);
    }

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) => [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)content.Length), .. content];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)(field << 3)), .. Varint((ulong)value)];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
