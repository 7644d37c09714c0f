namespace ServerlessRec.Training.DemoData;

/// <summary>An article or video of the demo site.</summary>
/// <param name="Id">Item id.</param>
/// <param name="Title">Headline.</param>
/// <param name="Topic">Place in <see cref="DemoTopics.All"/>.</param>
/// <param name="Subject">Place in the topic's subjects.</param>
/// <param name="IsVideo">Videos keep their audience for weeks, news for days.</param>
/// <param name="Minutes">Time it takes.</param>
/// <param name="Appeal">How strongly it draws readers of its topic; a few items draw most.</param>
/// <param name="PublishedAt">Moment of publication.</param>
internal sealed record DemoItem(
    string Id, string Title, int Topic, int Subject, bool IsVideo, int Minutes, double Appeal, DateTimeOffset PublishedAt)
{
    private const double NewsDays = 2.5;
    private const double VideoDays = 12;
    private const double Floor = 0.02;

    /// <summary>How much it draws at a moment: its appeal, fading with age to a floor.</summary>
    public double PullAt(DateTimeOffset moment)
    {
        var days = Math.Max(0, (moment - PublishedAt).TotalDays);
        return Appeal * (Floor + Math.Exp(-days / (IsVideo ? VideoDays : NewsDays)));
    }
}
