namespace ServerlessRec.Training.Importers;

/// <summary>The beginning of a bad value, fit for an error message.</summary>
internal static class ErrorExcerpt
{
    private const int Shown = 40;

    public static string Of(string value)
    {
        var shown = value.Length <= Shown ? value : value[..Shown] + "…";
        return string.Concat(shown.Select(character => char.IsControl(character) ? '�' : character));
    }
}
