namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>Scores below 0 in the order of popularity: for items a model says nothing of, behind all it scores at 0 or more.</summary>
internal static class PopularityFallback
{
    public static float[] Of(UserItemMatrix matrix)
    {
        var fallback = new float[matrix.ItemCount];
        for (var item = 0; item < fallback.Length; item++)
        {
            fallback[item] = -1f / (1 + matrix.UsersOf(item).Length);
        }

        return fallback;
    }
}
