using ServerlessRec.Api.Problems;

namespace ServerlessRec.Api.Requests;

/// <summary>What an id, a category and a feedback type may look like.</summary>
internal static class Identifiers
{
    /// <summary>Characters of an id or a category at most.</summary>
    public const int MaxLength = 256;

    /// <summary>Characters of a feedback type at most.</summary>
    public const int MaxFeedbackType = 64;

    /// <summary>The value, when it has 1 to <paramref name="max"/> characters and no control characters.</summary>
    /// <exception cref="RequestException">400 otherwise.</exception>
    public static string Check(string value, string field, int? element, int max = MaxLength)
    {
        if (value.Length == 0 || value.Length > max)
        {
            throw RequestException.Invalid(field, $"{field} must have 1 to {max} characters; it has {value.Length}.", element);
        }

        foreach (var character in value)
        {
            if (char.IsControl(character))
            {
                throw RequestException.Invalid(field, $"{field} holds the control character U+{(int)character:X4}.", element);
            }
        }

        return value;
    }
}
