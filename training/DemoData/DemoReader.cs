namespace ServerlessRec.Training.DemoData;

/// <summary>A person who reads: a few topics at a time, which change over the weeks, and two favourite subjects in each.</summary>
internal sealed class DemoReader
{
    private const int ReaderPurpose = 2;
    private const int DriftPurpose = 3;
    private const double DriftADay = 0.05;
    private const double StaysInSection = 0.5;

    private static readonly string[] Names =
        ["Ada", "Ben", "Chiara", "David", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jan", "Kaya", "Lea", "Mateo", "Nora", "Olu", "Petra"];

    private readonly int _seed;
    private readonly int _number;
    private readonly List<int> _interests = [];

    public DemoReader(int seed, int number)
    {
        _seed = seed;
        _number = number;
        var random = DemoRandom.Create(seed, ReaderPurpose, number);
        Id = FormattableString.Invariant($"reader-{number + 1:D4}");
        Name = Names[random.Next(Names.Length)];
        VisitsADay = Math.Min(2.5, 0.35 * random.LogNormal(0.8));
        VideoShare = random.NextDouble();
        UsualHour = random.Next(6, 22);
        JoinsOn = random.NextDouble() < 0.7 ? 0 : random.Next(0, 90);
        var count = random.Next(2, 5);
        while (_interests.Count < count)
        {
            Take(_interests.Count > 0 && random.NextDouble() < StaysInSection ? Neighbor(_interests[0], random) : AnyTopic(random));
        }

        FirstInterests = [.. _interests];
    }

    public string Id { get; }

    public string Name { get; }

    /// <summary>Topics at the beginning, strongest first.</summary>
    public IReadOnlyList<int> FirstInterests { get; }

    /// <summary>Topics today, strongest first.</summary>
    public IReadOnlyList<int> Interests => _interests;

    public double VisitsADay { get; }

    public double VideoShare { get; }

    public int UsualHour { get; }

    /// <summary>First day on which the reader visits.</summary>
    public int JoinsOn { get; }

    /// <summary>Lets a day pass: now and then the oldest interest gives way to a new one, which then is the strongest.</summary>
    public void LiveThrough(int day)
    {
        var random = DemoRandom.Create(_seed, DriftPurpose, day, _number);
        if (random.NextDouble() < DriftADay)
        {
            var topic = random.NextDouble() < StaysInSection ? Neighbor(_interests[0], random) : AnyTopic(random);
            if (!_interests.Contains(topic))
            {
                _interests.RemoveAt(_interests.Count - 1);
                _interests.Insert(0, topic);
            }
        }
    }

    /// <summary>Whether a subject is one of the reader's favourites in its topic.</summary>
    public bool Favours(DemoItem item)
    {
        var subjects = DemoTopics.All[item.Topic].Subjects.Length;
        var first = DemoRandom.Create(_seed, ReaderPurpose, _number, item.Topic + 1).Next(subjects);
        return item.Subject == first || item.Subject == (first + 1) % subjects;
    }

    private static int AnyTopic(Random random) => random.Next(DemoTopics.All.Count);

    private static int Neighbor(int topic, Random random)
    {
        var section = DemoTopics.All[topic].Section;
        var topics = Enumerable.Range(0, DemoTopics.All.Count).Where(other => DemoTopics.All[other].Section == section).ToArray();
        return topics[random.Next(topics.Length)];
    }

    private void Take(int topic)
    {
        if (!_interests.Contains(topic))
        {
            _interests.Add(topic);
        }
    }
}
