namespace ServerlessRec.Training.Learning;

/// <summary>A batch's loss and what it is by user vectors and columns.</summary>
/// <param name="Value">The loss.</param>
/// <param name="Users">[B, D].</param>
/// <param name="Columns">[C, D].</param>
internal readonly record struct LossGradients(double Value, float[] Users, float[] Columns);
