namespace ServerlessRec.Training.Importers;

/// <summary>Files of a published split: Personalize interactions (.csv) or lines `user item item …` (any other name).</summary>
/// <param name="Train">What may be learned from.</param>
/// <param name="Test">What is asked for.</param>
/// <param name="Validation">What settings are chosen on; null: a part of the train file is held back for it.</param>
public sealed record GivenFiles(string Train, string Test, string? Validation = null);
