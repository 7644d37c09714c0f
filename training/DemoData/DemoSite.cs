namespace ServerlessRec.Training.DemoData;

/// <summary>The simulated site: every day items come out, interests drift, and readers visit.</summary>
internal sealed class DemoSite
{
    private const int VisitPurpose = 4;

    private readonly DemoDataOptions _options;
    private readonly DemoNewsroom _newsroom;
    private readonly HashSet<int>[] _known;
    private int _day;

    public DemoSite(DemoDataOptions options)
    {
        options.Validate();
        _options = options;
        _newsroom = new DemoNewsroom(options);
        Items = _newsroom.Backlog();
        Readers = [.. Enumerable.Range(0, options.Users).Select(number => new DemoReader(options.Seed, number))];
        _known = [.. Readers.Select(_ => new HashSet<int>())];
    }

    /// <summary>Items published so far.</summary>
    public List<DemoItem> Items { get; }

    public IReadOnlyList<DemoReader> Readers { get; }

    /// <summary>Lets one day pass; its feedback, reader by reader.</summary>
    public List<DemoFeedback> NextDay()
    {
        var midnight = _options.FirstDay.AddDays(_day);
        Items.AddRange(_newsroom.Day(_day));
        var shelf = new DemoShelf(Items, midnight.AddHours(12));
        var feedback = new List<DemoFeedback>();
        for (var number = 0; number < Readers.Count; number++)
        {
            var reader = Readers[number];
            reader.LiveThrough(_day);
            if (_day < reader.JoinsOn)
            {
                continue;
            }

            var random = DemoRandom.Create(_options.Seed, VisitPurpose, _day, number);
            var visits = (int)reader.VisitsADay + (random.NextDouble() < reader.VisitsADay % 1 ? 1 : 0);
            for (var visit = 0; visit < visits; visit++)
            {
                // Visits of a day are hours apart; the longest takes less.
                var hour = ((reader.UsualHour + (visit * 7)) % 16) + 5 + random.NextDouble();
                DemoVisit.Run(number, reader, Items, shelf, _known[number], midnight.AddHours(hour), random, feedback);
            }
        }

        _day++;
        return feedback;
    }
}
