using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation;

/// <summary>The interactions of a data set by user, oldest first; histories are slices of one array.</summary>
internal sealed class UserTimelines
{
    private readonly Interaction[] _interactions;
    private readonly int[] _starts;

    public UserTimelines(int userCount, IReadOnlyList<Interaction> interactions)
    {
        _starts = new int[userCount + 1];
        foreach (var interaction in interactions)
        {
            _starts[interaction.User + 1]++;
        }

        for (var user = 0; user < userCount; user++)
        {
            _starts[user + 1] += _starts[user];
        }

        var next = _starts.AsSpan(0, userCount).ToArray();
        _interactions = new Interaction[interactions.Count];
        foreach (var interaction in interactions)
        {
            _interactions[next[interaction.User]++] = interaction;
        }
    }

    public ReadOnlyMemory<Interaction> Of(int user) => _interactions.AsMemory(_starts[user].._starts[user + 1]);
}
