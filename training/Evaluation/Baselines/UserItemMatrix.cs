using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Evaluation.Baselines;

/// <summary>Who interacted with what, each pair once, readable by user and by item.</summary>
internal sealed class UserItemMatrix
{
    private readonly int[] _userStarts;
    private readonly int[] _itemsByUser;
    private readonly int[] _itemStarts;
    private readonly int[] _usersByItem;

    public UserItemMatrix(int userCount, int itemCount, IEnumerable<Interaction> interactions)
    {
        var pairs = interactions.Select(interaction => ((long)interaction.User << 32) | (uint)interaction.Item).Distinct().ToArray();
        Array.Sort(pairs);
        UserCount = userCount;
        ItemCount = itemCount;
        _userStarts = new int[userCount + 1];
        _itemStarts = new int[itemCount + 1];
        foreach (var pair in pairs)
        {
            _userStarts[(pair >> 32) + 1]++;
            _itemStarts[(int)pair + 1]++;
        }

        Accumulate(_userStarts);
        Accumulate(_itemStarts);
        _itemsByUser = [.. pairs.Select(pair => (int)pair)];
        _usersByItem = new int[pairs.Length];
        var next = _itemStarts.AsSpan(0, itemCount).ToArray();
        foreach (var pair in pairs)
        {
            _usersByItem[next[(int)pair]++] = (int)(pair >> 32);
        }
    }

    public int UserCount { get; }

    public int ItemCount { get; }

    public ReadOnlySpan<int> ItemsOf(int user) => _itemsByUser.AsSpan(_userStarts[user].._userStarts[user + 1]);

    public ReadOnlySpan<int> UsersOf(int item) => _usersByItem.AsSpan(_itemStarts[item].._itemStarts[item + 1]);

    private static void Accumulate(int[] starts)
    {
        for (var place = 1; place < starts.Length; place++)
        {
            starts[place] += starts[place - 1];
        }
    }
}
