using System.Globalization;

namespace ServerlessRec.Training.Onnx;

/// <summary>
/// Builds an ONNX model (IR 9, opset 20) node by node; field numbers are those of onnx.proto3. Every value is named by a string: an input, a constant
/// or a node's output. A constant that is added again under its name is the first one.
/// </summary>
internal sealed class OnnxGraph(string name)
{
    private const int IrVersion = 9, OpsetVersion = 20;
    internal const int ElementFloat = 1, ElementInt64 = 7;
    private const int AttributeInt = 2, AttributeInts = 7;

    private readonly List<ProtobufWriter> _nodes = [];
    private readonly List<ProtobufWriter> _constants = [];
    private readonly Dictionary<string, (int ElementType, int Length)> _constantNames = [];
    private readonly List<ProtobufWriter> _inputs = [];
    private readonly List<ProtobufWriter> _outputs = [];
    private int _named;

    /// <summary>Declares a float input. A dimension is a number or the name of a dynamic one.</summary>
    public string FloatInput(string input, params string[] dimensions) => Declare(_inputs, input, ElementFloat, dimensions);

    /// <summary>Declares an int64 input.</summary>
    public string LongInput(string input, params string[] dimensions) => Declare(_inputs, input, ElementInt64, dimensions);

    /// <summary>Adds a float constant.</summary>
    /// <param name="constant">Its name in the file.</param>
    /// <param name="values">Row-major.</param>
    /// <param name="dimensions">Shape; empty for a scalar.</param>
    public string Constant(string constant, ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions) =>
        Constant(constant, ElementFloat, values, dimensions.IsEmpty && values.Length > 1 ? [values.Length] : dimensions);

    /// <summary>Adds an int64 vector as a constant, such as axes or a shape.</summary>
    public string Longs(string constant, params ReadOnlySpan<long> values) => Constant(constant, ElementInt64, values, values.Length);

    /// <summary>Adds an int64 scalar as a constant.</summary>
    public string Constant(string constant, long value) => Constant(constant, ElementInt64, [value], []);

    /// <summary>[B, L, H] → [B, H, L].</summary>
    public string Transposed(string x) => Transposed(x, 0, 2, 1);

    /// <summary>The axes in another order.</summary>
    public string Transposed(string x, params ReadOnlySpan<long> axes)
    {
        var output = NextName("Transpose");
        var permutation = new ProtobufWriter();
        permutation.Add(1, "perm");
        foreach (var axis in axes)
        {
            permutation.Add(8, axis);
        }

        permutation.Add(20, AttributeInts);
        AddNode("Transpose", output, [permutation], x);
        return output;
    }

    /// <summary>Adds a node with one output, and returns that.</summary>
    public string Node(string operation, params ReadOnlySpan<string> inputs) => Node(operation, [], inputs);

    /// <summary>Adds a node with int attributes and one output, and returns that.</summary>
    public string Node(string operation, ReadOnlySpan<(string Name, long Value)> attributes, params ReadOnlySpan<string> inputs)
    {
        var output = NextName(operation);
        var written = new List<ProtobufWriter>();
        foreach (var (attributeName, value) in attributes)
        {
            written.Add(Attribute(attributeName, value));
        }

        AddNode(operation, output, written, inputs);
        return output;
    }

    /// <summary>Cuts an axis into parts of one size each.</summary>
    public string[] Split(string x, int axis, int parts)
    {
        string[] outputs = [.. Enumerable.Range(0, parts).Select(_ => NextName("Split"))];
        AddNode("Split", outputs, [Attribute("axis", axis), Attribute("num_outputs", parts)], x);
        return outputs;
    }

    /// <summary>Declares a float output with <paramref name="value"/>'s numbers.</summary>
    public void FloatOutput(string output, string value, params string[] dimensions)
    {
        AddNode("Identity", output, [], value);
        Declare(_outputs, output, ElementFloat, dimensions);
    }

    /// <summary>The model file.</summary>
    public byte[] ToModel()
    {
        var graph = new ProtobufWriter();
        _nodes.ForEach(node => graph.Add(1, node));
        graph.Add(2, name);
        _constants.ForEach(constant => graph.Add(5, constant));
        _inputs.ForEach(input => graph.Add(11, input));
        _outputs.ForEach(output => graph.Add(12, output));
        var opset = new ProtobufWriter();
        opset.Add(1, "");
        opset.Add(2, OpsetVersion);
        var model = new ProtobufWriter();
        model.Add(1, IrVersion);
        model.Add(2, "ServerlessRec");
        model.Add(7, graph);
        model.Add(8, opset);
        return model.Written.ToArray();
    }

    private static string Declare(List<ProtobufWriter> values, string value, int elementType, string[] dimensions)
    {
        var shape = new ProtobufWriter();
        foreach (var size in dimensions)
        {
            var dimension = new ProtobufWriter();
            if (long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var fixedSize))
            {
                dimension.Add(1, fixedSize);
            }
            else
            {
                dimension.Add(2, size);
            }

            shape.Add(1, dimension);
        }

        var tensor = new ProtobufWriter();
        tensor.Add(1, elementType);
        tensor.Add(2, shape);
        var type = new ProtobufWriter();
        type.Add(1, tensor);
        var info = new ProtobufWriter();
        info.Add(1, value);
        info.Add(2, type);
        values.Add(info);
        return value;
    }

    private string Constant<T>(string constant, int elementType, ReadOnlySpan<T> values, params ReadOnlySpan<long> dimensions)
        where T : unmanaged
    {
        if (!_constantNames.TryAdd(constant, (elementType, values.Length)))
        {
            return _constantNames[constant] == (elementType, values.Length)
                ? constant
                : throw new ArgumentException($"Constant '{constant}' is there already and is another one.", nameof(constant));
        }

        long count = 1;
        var tensor = new ProtobufWriter();
        foreach (var size in dimensions)
        {
            tensor.Add(1, size);
            count *= size;
        }

        if (count != values.Length)
        {
            throw new ArgumentException($"Constant '{constant}' has {values.Length} values for a shape of {count}.", nameof(values));
        }

        tensor.Add(2, elementType);
        tensor.Add(8, constant);
        tensor.AddLittleEndian(9, values);
        _constants.Add(tensor);
        return constant;
    }

    private string NextName(string operation) => string.Create(CultureInfo.InvariantCulture, $"{operation}_{_named++}");

    private static ProtobufWriter Attribute(string attributeName, long value)
    {
        var attribute = new ProtobufWriter();
        attribute.Add(1, attributeName);
        attribute.Add(3, value);
        attribute.Add(20, AttributeInt);
        return attribute;
    }

    private void AddNode(string operation, string output, List<ProtobufWriter> attributes, params ReadOnlySpan<string> inputs) =>
        AddNode(operation, [output], attributes, inputs);

    private void AddNode(string operation, string[] outputs, List<ProtobufWriter> attributes, params ReadOnlySpan<string> inputs)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
        {
            node.Add(1, input);
        }

        foreach (var output in outputs)
        {
            node.Add(2, output);
        }

        node.Add(3, outputs[0]);
        node.Add(4, operation);
        attributes.ForEach(attribute => node.Add(5, attribute));
        _nodes.Add(node);
    }
}
