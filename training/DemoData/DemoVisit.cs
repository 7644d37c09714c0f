namespace ServerlessRec.Training.DemoData;

/// <summary>One feedback of the simulation.</summary>
internal readonly record struct DemoFeedback(int Reader, int Item, string Type, float Value, DateTimeOffset Moment);

/// <summary>One visit of a reader: mostly one interest, now and then the front page, minutes apart.</summary>
internal static class DemoVisit
{
    private const double FromFrontPage = 0.18;
    private const double StaysOnTopic = 0.75;

    /// <summary>Clicks, and what follows from each: "view" (value: minutes) when it was read to the end, "like", or "hide".</summary>
    public static void Run(
        int number,
        DemoReader reader,
        IReadOnlyList<DemoItem> items,
        DemoShelf shelf,
        HashSet<int> known,
        DateTimeOffset start,
        Random random,
        List<DemoFeedback> feedback)
    {
        var moment = start;
        var topic = PickInterest(reader, random);
        for (var left = 1 + random.Next(2, 8); left > 0; left--)
        {
            if (random.NextDouble() > StaysOnTopic)
            {
                topic = PickInterest(reader, random);
            }

            var isFrontPage = random.NextDouble() < FromFrontPage;
            var item = isFrontPage
                ? shelf.DrawFromFrontPage(reader, known, moment, random)
                : shelf.DrawFromTopic(topic, reader, known, moment, random);
            if (item >= 0)
            {
                known.Add(item);
                moment = React(number, item, items[item], reader, moment, random, feedback);
            }
        }
    }

    private static DateTimeOffset React(
        int number, int item, DemoItem what, DemoReader reader, DateTimeOffset moment, Random random, List<DemoFeedback> feedback)
    {
        feedback.Add(new DemoFeedback(number, item, "click", 1, moment));
        var isInterest = reader.Interests.Contains(what.Topic);
        if (random.NextDouble() >= (isInterest ? 0.6 : 0.2))
        {
            moment = moment.AddSeconds(random.Next(5, 40));
            if (!isInterest && random.NextDouble() < 0.15)
            {
                feedback.Add(new DemoFeedback(number, item, "hide", 1, moment));
            }

            return moment.AddSeconds(random.Next(5, 60));
        }

        moment = moment.AddSeconds(what.Minutes * 60);
        feedback.Add(new DemoFeedback(number, item, "view", what.Minutes, moment));
        if (random.NextDouble() < (reader.Favours(what) ? 0.3 : 0.1))
        {
            feedback.Add(new DemoFeedback(number, item, "like", 1, moment.AddSeconds(3)));
        }

        return moment.AddSeconds(random.Next(10, 90));
    }

    // The newest interest draws most.
    private static int PickInterest(DemoReader reader, Random random)
    {
        var place = 0;
        while (place < reader.Interests.Count - 1 && random.NextDouble() > 0.5)
        {
            place++;
        }

        return reader.Interests[place];
    }
}
