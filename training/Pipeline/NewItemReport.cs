using ServerlessRec.Training.Evaluation;

namespace ServerlessRec.Training.Pipeline;

/// <summary>Figures for items that nothing was learned of; see <see cref="Evaluation.NewItems.NewItemSplit"/>.</summary>
/// <param name="Items">Items held out and ranked.</param>
/// <param name="Rows">Their figures, the model first.</param>
internal sealed record NewItemReport(int Items, IReadOnlyList<EvaluationRow> Rows);
