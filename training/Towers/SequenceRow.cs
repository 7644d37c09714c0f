using System.Numerics.Tensors;
using ServerlessRec.Training.Kernels;

namespace ServerlessRec.Training.Towers;

/// <summary>One history on its way through the sequence tower, and back. What the way back needs is kept here, by block in its layers.</summary>
internal sealed unsafe class SequenceRow
{
    private readonly FloatBuffer _x = new(), _kept = new(), _standardised = new(), _inverse = new(), _states = new(), _asked = new();
    private readonly List<SequenceLayer> _layers = [];
    private readonly List<float> _lengths = [];

    /// <summary>The user vectors after the asked entries.</summary>
    /// <param name="pass">Weights and room.</param>
    /// <param name="entries">Item vectors times the input scale plus their types' weights are written here by the caller: [L, width], padding zero.</param>
    /// <param name="length">L.</param>
    /// <param name="asked">Entries that are asked for, P of them.</param>
    /// <param name="users">[P, D] user vectors of unit length.</param>
    /// <param name="dimensions">D.</param>
    /// <param name="seed">Of the dropout; null: none.</param>
    public void Forward(SequencePass pass, float* entries, int length, ReadOnlySpan<int> asked, Span<float> users, int dimensions, uint? seed)
    {
        var width = pass.Matrices[0].Width;
        if (seed is { } given)
        {
            Dropout.Apply(entries, _kept.Room((long)length * width), length * width, pass.DropShare, given);
        }

        while (_layers.Count < pass.Matrices.Length)
        {
            _layers.Add(new SequenceLayer());
        }

        for (var block = 0; block < pass.Matrices.Length; block++)
        {
            _layers[block].Forward(pass, block, entries, length, seed + 1 + (uint)(2 * block));
        }

        var taken = _asked.Room((long)asked.Length * width);
        for (var place = 0; place < asked.Length; place++)
        {
            new ReadOnlySpan<float>(entries + ((long)asked[place] * width), width).CopyTo(new Span<float>(taken + ((long)place * width), width));
        }

        var states = _states.Room((long)asked.Length * width);
        pass.Norm.Forward(
            taken, pass.Last.Start, pass.Last.Start + width, _standardised.Room((long)asked.Length * width), _inverse.Room(asked.Length), states, asked.Length);
        _lengths.Clear();
        for (var place = 0; place < asked.Length; place++)
        {
            var state = new Span<float>(states + ((long)place * width), dimensions);
            _lengths.Add(UnitLength.Bring(state));
            state.CopyTo(users[(place * dimensions)..]);
        }
    }

    /// <summary>Room for L entries that <see cref="Forward"/> reads and changes.</summary>
    public float* Entries(int length, int width) => _x.Zeros((long)length * width);

    /// <summary>Adds the weights' gradients to the pass's sums.</summary>
    /// <param name="pass">Weights and sums.</param>
    /// <param name="byUsers">[P, D]: the loss by the user vectors.</param>
    /// <param name="length">L, as before.</param>
    /// <param name="asked">As before.</param>
    /// <param name="dimensions">D.</param>
    /// <param name="isDropped">True: Forward had a seed.</param>
    /// <returns>[L, width]: the loss by the entries.</returns>
    public float* Backward(SequencePass pass, ReadOnlySpan<float> byUsers, int length, ReadOnlySpan<int> asked, int dimensions, bool isDropped)
    {
        var width = pass.Matrices[0].Width;
        var byStates = pass.Added.Zeros((long)asked.Length * width);
        for (var place = 0; place < asked.Length; place++)
        {
            var by = new Span<float>(byStates + ((long)place * width), dimensions);
            var user = new ReadOnlySpan<float>(_states.Start + ((long)place * width), dimensions);
            byUsers.Slice(place * dimensions, dimensions).CopyTo(by);
            UnitLength.BackBy(by, user, _lengths[place]);
        }

        var byTaken = pass.Seen.Zeros((long)asked.Length * width);
        pass.Norm.Backward(byStates, pass.Last.Start, _standardised.Start, _inverse.Start, byTaken, pass.LastGradients, pass.LastGradients + width, asked.Length);
        var byEntries = pass.ByEntries.Zeros((long)length * width);
        for (var place = 0; place < asked.Length; place++)
        {
            var sum = new Span<float>(byEntries + ((long)asked[place] * width), width);
            TensorPrimitives.Add(sum, new ReadOnlySpan<float>(byTaken + ((long)place * width), width), sum);
        }

        for (var block = pass.Matrices.Length - 1; block >= 0; block--)
        {
            _layers[block].Backward(pass, block, byEntries, length, isDropped);
        }

        if (isDropped)
        {
            var all = new Span<float>(byEntries, length * width);
            TensorPrimitives.Multiply(all, new ReadOnlySpan<float>(_kept.Start, length * width), all);
        }

        return byEntries;
    }
}
