using System.Text;

namespace ServerlessRec.Recommender.Tests.Doubles;

/// <summary>Writes the few ONNX messages that test towers need (onnx.proto, IR 9, opset 20).</summary>
internal static class OnnxWriter
{
    public const int Float = 1;
    public const int Long = 7;

    public static byte[] Model(byte[][] nodes, byte[][] initializers, byte[][] inputs, byte[] output) =>
    [
        .. Number(1, 9),
        .. Bytes(7, [.. nodes.SelectMany(n => Bytes(1, n)), .. Text(2, "test"), .. initializers.SelectMany(t => Bytes(5, t)), .. inputs.SelectMany(i => Bytes(11, i)), .. Bytes(12, output)]),
        .. Bytes(8, [.. Text(1, ""), .. Number(2, 20)]),
    ];

    public static byte[] Node(string type, string[] inputs, string output, params (string Name, long Value)[] attributes) =>
    [
        .. inputs.SelectMany(i => Text(1, i)),
        .. Text(2, output),
        .. Text(4, type),
        .. attributes.SelectMany(a => Bytes(5, [.. Text(1, a.Name), .. Number(3, a.Value), .. Number(20, 2)])),
    ];

    public static byte[] Longs(string name, params long[] values) =>
        [.. Number(1, values.Length), .. Number(2, Long), .. values.SelectMany(v => Number(7, v)), .. Text(8, name)];

    public static byte[] Scalar(string name, float value) =>
        [.. Number(2, Float), .. Text(8, name), .. Bytes(9, BitConverter.GetBytes(value))];

    public static byte[] Floats(string name, int rows, ReadOnlySpan<float> values) =>
    [
        .. Number(1, rows), .. Number(1, values.Length / rows), .. Number(2, Float), .. Text(8, name),
        .. Bytes(9, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).ToArray()),
    ];

    public static byte[] Value(string name, int type, params string[] dimensions) =>
        [.. Text(1, name), .. Bytes(2, Bytes(1, [.. Number(1, type), .. Bytes(2, [.. dimensions.SelectMany(d => Bytes(1, Text(2, d)))])]))];

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] bytes) => [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)bytes.Length), .. bytes];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
