using System.Text.Json;
using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Training.Data;
using ServerlessRec.Training.Towers;

namespace ServerlessRec.Training.Learning;

/// <summary>Decides which features of a data set the towers read.</summary>
internal static class FeatureSpecs
{
    private const int SmallestTextTable = 1 << 10, LargestTextTable = 1 << 17;

    /// <summary>All categories, words of titles and string labels, numbers and embeddings that enough items have.</summary>
    public static FeatureSpec For(Dataset dataset, TowerShape shape)
    {
        var labels = LabelSurvey.Of(dataset.Items);
        return new FeatureSpec
        {
            Dimensions = shape.Dimensions,
            HistoryLength = shape.HistoryLength,
            FeedbackTypes = dataset.FeedbackTypes,
            Categories = [.. dataset.Items.SelectMany(item => item.Categories).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            TextBuckets = TextBuckets(dataset.Items, labels.HasStrings),
            Numbers = labels.Numbers,
            Embeddings = labels.Embeddings,
        };
    }

    // About one bucket a distinct word: few words share one, and the table stays small beside the ids'.
    private static int TextBuckets(IReadOnlyList<Item> items, bool labelsHaveStrings)
    {
        var words = items.SelectMany(item => item.Comment.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        if (words == 0 && !labelsHaveStrings)
        {
            return 0;
        }

        var buckets = SmallestTextTable;
        while (buckets < words && buckets < LargestTextTable)
        {
            buckets *= 2;
        }

        return buckets;
    }

    /// <summary>What the labels of the items hold at their top level.</summary>
    private sealed record LabelSurvey(bool HasStrings, IReadOnlyList<NumberFeature> Numbers, IReadOnlyList<EmbeddingFeature> Embeddings)
    {
        private const double SmallestShare = 0.05;

        public static LabelSurvey Of(IReadOnlyList<Item> items)
        {
            var numbers = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
            var lengths = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
            var hasStrings = false;
            foreach (var item in items)
            {
                if (item.LabelsJson is null)
                {
                    continue;
                }

                using var document = JsonDocument.Parse(item.LabelsJson);
                if (document.RootElement.ValueKind == JsonValueKind.Object)
                {
                    foreach (var label in document.RootElement.EnumerateObject())
                    {
                        Count(label, numbers, lengths);
                    }
                }

                hasStrings |= item.LabelsJson.Contains(":\"", StringComparison.Ordinal) || item.LabelsJson.Contains("[\"", StringComparison.Ordinal);
            }

            var enough = Math.Max(2, items.Count * SmallestShare);
            return new LabelSurvey(
                hasStrings,
                [.. numbers.Where(number => number.Value.Count >= enough).Select(Standardised)],
                [.. lengths.Where(lengthsOf => lengthsOf.Value.Count >= enough && lengthsOf.Value.Distinct().Count() == 1)
                    .Select(lengthsOf => new EmbeddingFeature(lengthsOf.Key, lengthsOf.Value[0]))]);
        }

        private static void Count(JsonProperty label, SortedDictionary<string, List<double>> numbers, SortedDictionary<string, List<int>> lengths)
        {
            const int ShortestEmbedding = 4;
            if (label.Value.ValueKind == JsonValueKind.Number && label.Value.TryGetDouble(out var number) && double.IsFinite(number))
            {
                (numbers.TryGetValue(label.Name, out var values) ? values : numbers[label.Name] = []).Add(number);
            }
            else if (label.Value.ValueKind == JsonValueKind.Array && label.Value.GetArrayLength() >= ShortestEmbedding
                && label.Value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.Number))
            {
                (lengths.TryGetValue(label.Name, out var values) ? values : lengths[label.Name] = []).Add(label.Value.GetArrayLength());
            }
        }

        private static NumberFeature Standardised(KeyValuePair<string, List<double>> number)
        {
            var mean = number.Value.Average();
            var deviation = Math.Sqrt(number.Value.Average(value => (value - mean) * (value - mean)));
            return new NumberFeature(number.Key, mean, deviation > 0 ? deviation : 1);
        }
    }
}
