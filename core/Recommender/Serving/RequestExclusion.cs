using ServerlessRec.Index;
using ServerlessRec.Recommender.Releases;
using ServerlessRec.Recommender.Retrieval;
using ServerlessRec.Recommender.Users;

namespace ServerlessRec.Recommender.Serving;

/// <summary>What one request excludes: hidden, seen and named items. Dispose it when the list is made.</summary>
internal readonly struct RequestExclusion(Exclusion exclusion) : IDisposable
{
    public OrdinalSet Set => exclusion.Set;

    /// <summary>Hidden items, what <paramref name="user"/> has seen, and what the query names.</summary>
    public static RequestExclusion Rent(LoadedRelease release, RecommendQuery query, UserState? user)
    {
        var rented = new RequestExclusion(release.Catalogue.Sets.RentExclusion());
        rented.AddSeen(release, user);
        for (var i = 0; i < query.Exclude.Count; i++)
        {
            rented.AddItem(release, query.Exclude[i]);
        }

        return rented;
    }

    public void Add(int ordinal) => exclusion.Add(ordinal);

    public void AddItem(LoadedRelease release, string itemId)
    {
        if (release.Catalogue.TryFind(itemId, out var ordinal))
        {
            exclusion.Add(ordinal);
        }
    }

    public void AddSeen(LoadedRelease release, UserState? user)
    {
        if (user is null)
        {
            return;
        }

        for (var i = 0; i < user.SeenItems.Count; i++)
        {
            if (release.Catalogue.TryFind(user.SeenItems[i], out var ordinal))
            {
                exclusion.Add(ordinal);
            }
        }
    }

    public void Dispose() => exclusion.Dispose();
}
