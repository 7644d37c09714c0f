namespace ServerlessRec.Training.Importers;

/// <summary>A column of a delimited file.</summary>
/// <param name="Place">Place in the row, from 0.</param>
/// <param name="Name">Name for error messages.</param>
internal readonly record struct Column(int Place, string Name);
