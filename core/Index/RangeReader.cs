namespace ServerlessRec.Index;

/// <summary>Fills <paramref name="destination"/> with the bytes of a snapshot from <paramref name="offset"/> on, all of them or an exception.</summary>
/// <param name="offset">Bytes from the start of the snapshot.</param>
/// <param name="destination">Filled completely.</param>
/// <param name="cancellationToken">Stops the read.</param>
/// <returns>Completes when the bytes are there.</returns>
public delegate ValueTask RangeReader(long offset, Memory<byte> destination, CancellationToken cancellationToken);
