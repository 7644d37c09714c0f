namespace ServerlessRec.Index;

/// <summary>
/// Gives the vector with this ordinal. Called up to three times for each ordinal, from several threads at once, always with the same
/// result; so nothing needs to hold all vectors beside the index.
/// </summary>
/// <param name="ordinal">0 to count − 1.</param>
/// <param name="destination">Exactly the index's dimensions, to be filled with finite values.</param>
public delegate void VectorReader(int ordinal, Span<float> destination);
