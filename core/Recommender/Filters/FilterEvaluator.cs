using System.Text.Json;

namespace ServerlessRec.Recommender.Filters;

/// <summary>Decides whether an item passes a filter.</summary>
internal static class FilterEvaluator
{
    public static bool Matches<T>(FilterNode node, in T subject, DateTimeOffset now)
        where T : struct, IFilterSubject
    {
        switch (node)
        {
            case FilterNode.And and:
                return Matches(and.Left, subject, now) && Matches(and.Right, subject, now);
            case FilterNode.Or or:
                return Matches(or.Left, subject, now) || Matches(or.Right, subject, now);
            case FilterNode.Not not:
                return !Matches(not.Inner, subject, now);
            case FilterNode.TimestampIs time:
                return subject.TimestampTicks is { } ticks && FilterConstant.Holds(time.Comparison, ticks.CompareTo(time.Time.Ticks(now)));
            case FilterNode.CategoryIn categories:
                foreach (var name in categories.Names)
                {
                    if (subject.HasCategory(name))
                    {
                        return true;
                    }
                }

                return false;
            case FilterNode.IdIn ids:
                foreach (var id in ids.Ids)
                {
                    if (subject.IdIs(id))
                    {
                        return true;
                    }
                }

                return false;
            case FilterNode.LabelIs label:
                return AnyValue(subject.LabelsUtf8, label.Path, (ref Utf8JsonReader value) => Compares(ref value, label.Comparison, label.Constant));
            case FilterNode.LabelIn label:
                return AnyValue(subject.LabelsUtf8, label.Path, (ref Utf8JsonReader value) => EqualsAny(ref value, label.Constants));
            case FilterNode.LabelExists label:
                return AnyValue(subject.LabelsUtf8, label.Path, (ref Utf8JsonReader value) => value.TokenType != JsonTokenType.Null, wholeArray: true);
            default:
                throw new InvalidOperationException($"No rule for {node.GetType().Name}.");
        }
    }

    private delegate bool ValueTest(ref Utf8JsonReader value);

    // Leaves of an array are tested one by one unless the array as a whole is meant.
    private static bool AnyValue(ReadOnlySpan<byte> labels, LabelPath path, ValueTest test, bool wholeArray = false)
    {
        var reader = new Utf8JsonReader(labels);
        if (labels.IsEmpty || !TryFind(ref reader, path))
        {
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartArray || wholeArray)
        {
            return test(ref reader);
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.CurrentDepth == depth + 1 && test(ref reader))
            {
                return true;
            }
        }

        return false;
    }

    // Stands on the first token of the value afterwards.
    private static bool TryFind(ref Utf8JsonReader reader, LabelPath path)
    {
        reader.Read();
        foreach (var name in path.Names)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (true)
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    return false;
                }

                var found = reader.ValueTextEquals(name);
                reader.Read();
                if (found)
                {
                    break;
                }

                reader.Skip();
            }
        }

        return true;
    }

    private static bool Compares(ref Utf8JsonReader value, FilterComparison comparison, FilterConstant constant) => value.TokenType switch
    {
        JsonTokenType.Number => constant.Number is { } number && value.TryGetDouble(out var actual)
            && FilterConstant.Holds(comparison, actual.CompareTo(number)),
        JsonTokenType.String when constant.Text is not null => comparison == FilterComparison.Equal
            ? value.ValueTextEquals(constant.Text)
            : FilterConstant.Holds(comparison, string.CompareOrdinal(value.GetString(), constant.Text)),
        JsonTokenType.True => comparison == FilterComparison.Equal && constant.Truth == true,
        JsonTokenType.False => comparison == FilterComparison.Equal && constant.Truth == false,
        _ => false,
    };

    private static bool EqualsAny(ref Utf8JsonReader value, IReadOnlyList<FilterConstant> constants)
    {
        foreach (var constant in constants)
        {
            if (Compares(ref value, FilterComparison.Equal, constant))
            {
                return true;
            }
        }

        return false;
    }
}
