using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace ServerlessRec.Recommender.Towers;

/// <summary>
/// One tower's ONNX model. OnnxRuntime is not touched before the first run, so that a process that only serves stored vectors never
/// loads it. One thread a run: requests run beside each other. Thread-safe.
/// </summary>
internal sealed class TowerSession : IDisposable
{
    private readonly string _fileName;
    private readonly ReadOnlyMemory<byte> _model;
    private readonly string[] _knownInputs;
    private readonly string[] _outputs;
    private readonly int _dimensions;
    private readonly Lock _opening = new();
    private volatile InferenceSession? _session;
    private string[] _inputs = [];
    private bool _disposed;

    /// <param name="fileName">The model's file, named in errors.</param>
    /// <param name="model">ONNX bytes.</param>
    /// <param name="knownInputs">Inputs the caller can feed; a model may leave some out.</param>
    /// <param name="output">The output, float [B, <paramref name="dimensions"/>].</param>
    /// <param name="dimensions">D.</param>
    public TowerSession(string fileName, ReadOnlyMemory<byte> model, string[] knownInputs, string output, int dimensions)
    {
        _fileName = fileName;
        _model = model;
        _knownInputs = knownInputs;
        _outputs = [output];
        _dimensions = dimensions;
    }

    public ReadOnlyMemory<byte> Model => _model;

    /// <summary>Runs a batch of <paramref name="count"/>; <paramref name="feed"/> makes the tensor of a named input.</summary>
    /// <exception cref="InvalidDataException">The model cannot be loaded, does not fit or answered a vector that is not finite.</exception>
    public void Run(int count, Func<string, OrtValue> feed, Memory<float> output)
    {
        var session = Open();
        var values = new OrtValue[_inputs.Length];
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = feed(_inputs[i]);
            }

            using var result = Tensor(output, count, _dimensions);
            using var options = new RunOptions();
            session.Run(options, _inputs, values, _outputs, [result]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"{_fileName} failed on a batch of {count}: {e.Message}", e);
        }
        finally
        {
            foreach (var value in values)
            {
                value?.Dispose();
            }
        }

        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(output.Span)))
        {
            throw new InvalidDataException($"{_fileName} answered a vector that is not finite.");
        }
    }

    /// <summary>A tensor over the caller's memory; no copy.</summary>
    public static OrtValue Tensor<T>(Memory<T> memory, params long[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);

    public void Dispose()
    {
        lock (_opening)
        {
            _disposed = true;
            _session?.Dispose();
        }
    }

    private InferenceSession Open()
    {
        if (_session is { } open)
        {
            return open;
        }

        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _session ??= Load();
        }
    }

    private InferenceSession Load()
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        InferenceSession session;
        try
        {
            session = new InferenceSession(_model.ToArray(), options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"{_fileName} is not a model that OnnxRuntime loads: {e.Message}", e);
        }

        var wrong = session.InputNames.Where(name => !_knownInputs.Contains(name)).Select(name => $"wants an unknown input '{name}'").FirstOrDefault()
            ?? (session.OutputNames.Contains(_outputs[0]) ? null : $"has no output '{_outputs[0]}'");
        if (wrong is not null)
        {
            session.Dispose();
            throw new InvalidDataException($"{_fileName} {wrong}.");
        }

        _inputs = [.. session.InputNames];
        return session;
    }
}
