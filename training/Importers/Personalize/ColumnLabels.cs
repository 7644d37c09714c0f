using System.Globalization;
using System.Text.Json;

namespace ServerlessRec.Training.Importers.Personalize;

/// <summary>
/// Columns as labels: the name as it stands; a number where the text is one as numbers are written (not "007"), an array of strings
/// where '|' separates several, otherwise a string. Empty fields are left out.
/// </summary>
internal static class ColumnLabels
{
    public static string? Of(RowReader rows, Column[] columns) => columns.Length == 0
        ? null
        : LabelsText.Write(labels =>
        {
            foreach (var column in columns)
            {
                Write(labels, column.Name, rows.Text(column));
            }
        });

    private static void Write(Utf8JsonWriter labels, string name, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        labels.WritePropertyName(name);
        if (IsNumber(text, out var number))
        {
            labels.WriteNumberValue(number);
        }
        else if (text.Contains('|', StringComparison.Ordinal))
        {
            labels.WriteStartArray();
            foreach (var part in CategoryList.Split(text))
            {
                labels.WriteStringValue(part);
            }

            labels.WriteEndArray();
        }
        else
        {
            labels.WriteStringValue(text);
        }
    }

    private static bool IsNumber(string text, out double number)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var digits = text.AsSpan().TrimStart('-');
        var isCode = digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1]);
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out number) && double.IsFinite(number) && !isCode;
    }
}
