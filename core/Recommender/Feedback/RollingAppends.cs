using System.Collections.Concurrent;
using ServerlessRec.Recommender.Blobs;

namespace ServerlessRec.Recommender.Feedback;

/// <summary>
/// Appends to `{stem}.jsonl`, then `{stem}-1.jsonl` and so on: an append blob of Azure takes 50,000 appends. A process never goes on with
/// a blob that was there before it, because it cannot know how many appends that has. Thread-safe.
/// </summary>
internal sealed class RollingAppends(IBlobStore blobs)
{
    private const int MaxAppends = 40_000;
    private const int MaxStems = 1000;

    private readonly ConcurrentDictionary<string, Open> _open = new(StringComparer.Ordinal);

    public async ValueTask AppendAsync(string stem, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (!_open.TryGetValue(stem, out var open) || open.Appends >= MaxAppends)
        {
            if (_open.Count >= MaxStems)
            {
                _open.Clear();
            }

            open = new Open(await FreePathAsync(stem, cancellationToken).ConfigureAwait(false));
            _open[stem] = open;
        }

        Interlocked.Increment(ref open.Appends);
        await blobs.AppendAsync(open.Path, content, null, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<string> FreePathAsync(string stem, CancellationToken cancellationToken)
    {
        var path = $"{stem}.jsonl";
        for (var number = 1; await blobs.GetPropertiesAsync(path, cancellationToken).ConfigureAwait(false) is not null; number++)
        {
            path = $"{stem}-{number}.jsonl";
        }

        return path;
    }

    private sealed class Open(string path)
    {
        public int Appends;

        public string Path { get; } = path;
    }
}
