using ServerlessRec.Recommender.Catalogue;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Training.Data;

/// <summary>Collects a data set from a stream of users, items and interactions. Numbers are given in the order of first mention.</summary>
public sealed class DatasetBuilder(string name)
{
    private readonly NumberedIds _userIds = new();
    private readonly NumberedIds _itemIds = new();
    private readonly NumberedIds _types = new();
    private readonly List<User?> _users = [];
    private readonly List<Item?> _items = [];
    private readonly List<Interaction> _interactions = [];
    private readonly List<string> _notes = [];

    /// <summary>Interactions so far.</summary>
    public int InteractionCount => _interactions.Count;

    /// <summary>Adds a described user; false when that id was described before.</summary>
    public bool AddUser(User user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Describe(_users, UserNumber(user.UserId), user);
    }

    /// <summary>Adds a described item; false when that id was described before.</summary>
    public bool AddItem(Item item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Describe(_items, ItemNumber(item.ItemId), item);
    }

    /// <summary>The number of a user id, new or known.</summary>
    public int UserNumber(ReadOnlySpan<char> userId) => _userIds.NumberOf(userId);

    /// <summary>The number of an item id, new or known.</summary>
    public int ItemNumber(ReadOnlySpan<char> itemId) => _itemIds.NumberOf(itemId);

    /// <summary>The number of a feedback type, new or known.</summary>
    public int TypeNumber(ReadOnlySpan<char> feedbackType) => _types.NumberOf(feedbackType);

    /// <summary>Items so far, described or only mentioned.</summary>
    public int ItemCount => _itemIds.Ids.Count;

    /// <summary>The id of an item number this builder gave.</summary>
    public string ItemId(int number) => _itemIds.Ids[number];

    /// <summary>The description of a user, by number; null when the user was only mentioned.</summary>
    public User? UserAt(int number) => number < _users.Count ? _users[number] : null;

    /// <summary>The description of an item, by number; null when it was only mentioned.</summary>
    public Item? ItemAt(int number) => number < _items.Count ? _items[number] : null;

    /// <summary>Adds an interaction between numbers this builder gave.</summary>
    public void Add(Interaction interaction) => _interactions.Add(interaction);

    /// <summary>Adds a remark for people, such as what was left out.</summary>
    public void Note(string note) => _notes.Add(note);

    /// <summary>The data set; users and items without a description get an empty one.</summary>
    public Dataset Build() => new()
    {
        Name = name,
        Users = [.. _userIds.Ids.Select((id, number) => UserAt(number) ?? new User(id))],
        Items = [.. _itemIds.Ids.Select((id, number) => ItemAt(number) ?? new Item { ItemId = id })],
        FeedbackTypes = [.. _types.Ids],
        Interactions = ByTime(0),
        Notes = [.. _notes],
    };

    /// <summary>The interactions added from a place on, in the order of their timestamps; equal ones in the order they came.</summary>
    public Interaction[] ByTime(int from)
    {
        var keys = new (long UnixMilliseconds, int Place)[_interactions.Count - from];
        for (var place = from; place < _interactions.Count; place++)
        {
            keys[place - from] = (_interactions[place].UnixMilliseconds, place);
        }

        Array.Sort(keys);
        return [.. keys.Select(key => _interactions[key.Place])];
    }

    private static bool Describe<T>(List<T?> descriptions, int number, T description)
        where T : class
    {
        while (descriptions.Count <= number)
        {
            descriptions.Add(null);
        }

        if (descriptions[number] is not null)
        {
            return false;
        }

        descriptions[number] = description;
        return true;
    }

    private sealed class NumberedIds
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

        public NumberedIds() => _bySpan = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

        public List<string> Ids { get; } = [];

        public int NumberOf(ReadOnlySpan<char> id)
        {
            if (!_bySpan.TryGetValue(id, out var number))
            {
                number = Ids.Count;
                Ids.Add(id.ToString());
                _numbers.Add(Ids[number], number);
            }

            return number;
        }
    }
}
