using ServerlessRec.Index.Codes;
using ServerlessRec.Index.Search;

namespace ServerlessRec.Index.Building;

/// <summary>One build thread's memory.</summary>
internal sealed unsafe class BuildContext : IDisposable
{
    private readonly List<ChosenLinks> _chosen = [];
    private readonly List<int> _covered = [];
    private readonly int _m;

    public BuildContext(int nodes, int dimensions, int maxLinks, int m)
    {
        Search = new SearchContext(nodes, dimensions, maxLinks);
        _m = m;
    }

    public SearchContext Search { get; }

    public CandidateList Candidates { get; } = new();

    /// <summary>What was chosen for the new node on a level.</summary>
    public ChosenLinks Chosen(int level)
    {
        while (_chosen.Count <= level)
            _chosen.Add(new ChosenLinks(_m));
        return _chosen[level];
    }

    /// <summary>
    /// Malkov and Yashunin, algorithm 4: a candidate stays when it is nearer to the node than to every one chosen before it. Candidates
    /// are sorted, best first. Returns how many were chosen.
    /// </summary>
    public int Select<TSpace>(in TSpace space, int keep)
        where TSpace : struct, INodeSpace
    {
        var list = Candidates;
        list.BeginSelection(keep);
        var selected = 0;
        for (var i = 0; i < list.Count && selected < keep; i++)
        {
            var (candidate, score) = (list.Ids[i], list.Scores[i]);
            if (selected > 0 && IsCovered(space, candidate, score, selected))
                continue;
            list.Choose(candidate, score);
            selected++;
        }
        return selected;
    }

    /// <summary>
    /// Chooses the first <paramref name="kept"/> candidates, then of the others (sorted, best first) those that algorithm 4 would, up to
    /// <paramref name="keep"/>; when they are fewer than <paramref name="atLeast"/> together, the best of the rest as well. Returns how many
    /// were chosen.
    /// </summary>
    public int Extend<TSpace>(in TSpace space, int kept, int atLeast, int keep, out int uncovered)
        where TSpace : struct, INodeSpace
    {
        var list = Candidates;
        list.BeginSelection(keep);
        _covered.Clear();
        var selected = 0;
        for (var i = 0; i < list.Count && selected < keep; i++)
        {
            var (candidate, score) = (list.Ids[i], list.Scores[i]);
            if (i >= kept && selected > 0 && IsCovered(space, candidate, score, selected))
            {
                _covered.Add(i);
                continue;
            }
            list.Choose(candidate, score);
            selected++;
        }
        uncovered = selected - kept;
        for (var i = 0; i < _covered.Count && selected < atLeast; i++, selected++)
            list.Choose(list.Ids[_covered[i]], list.Scores[_covered[i]]);
        return selected;
    }

    /// <summary>Cuts a list back to the links that algorithm 4 keeps.</summary>
    public void Prune<TSpace>(in TSpace space, LinkSlot links, int keep)
        where TSpace : struct, INodeSpace
    {
        Candidates.Clear();
        for (var i = 0; i < links.Count; i++)
            Candidates.Add(links.Ids[i], links.Scores[i]);
        Candidates.Sort();
        var selected = Select(space, keep);
        links.Set(Candidates.SelectedIds(selected), Candidates.SelectedScores(selected));
    }

    public void Dispose() => Search.Dispose();

    private bool IsCovered<TSpace>(in TSpace space, uint candidate, float score, int selected)
        where TSpace : struct, INodeSpace
    {
        space.LoadNode(candidate, ref Search.Other);
        fixed (uint* chosen = Candidates.SelectedIds(selected))
        {
            for (var i = 0; i < selected; i += 4)
            {
                var group = Math.Min(4, selected - i);
                space.Score(Search.Other, chosen + i, group, Search.Scores);
                for (var j = 0; j < group; j++)
                {
                    if (Search.Scores[j] >= score)
                        return true;
                }
            }
        }
        return false;
    }
}
