using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using ServerlessRec.Embedded.Durability;

namespace ServerlessRec.Embedded.Feedback;

/// <summary>
/// How far a consumer got, per partition, in one small file. Saving is not flushed: a checkpoint lost in a power cut means events delivered
/// again, which is harmless; it is flushed before segments are deleted for it. Thread-safe.
/// </summary>
internal sealed class LogCheckpoint : IDisposable
{
    private const int PlaceBytes = 16;
    private const int HashBytes = 8;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _handle;
    private readonly LogPlace[] _places;

    /// <summary>Opens or creates the file; a damaged one counts as new.</summary>
    public LogCheckpoint(string file, int partitions, LogPlace begin)
    {
        var isNew = !File.Exists(file);
        _handle = File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        _places = Load(partitions) ?? [.. Enumerable.Repeat(begin, partitions)];
        if (isNew)
        {
            DurableFile.FlushDirectoryOf(file);
        }
    }

    public LogPlace this[int partition]
    {
        get
        {
            lock (_gate)
            {
                return _places[partition];
            }
        }
    }

    /// <summary>Log position before which every partition is done.</summary>
    public long Done
    {
        get
        {
            lock (_gate)
            {
                return _places.Min(place => place.Position);
            }
        }
    }

    public void Save(int partition, LogPlace place)
    {
        lock (_gate)
        {
            _places[partition] = place;
            RandomAccess.Write(_handle, Encode(), 0);
        }
    }

    /// <summary>Makes the last saved places durable and returns <see cref="Done"/>.</summary>
    public long Flush()
    {
        lock (_gate)
        {
            RandomAccess.FlushToDisk(_handle);
            return _places.Min(place => place.Position);
        }
    }

    public void Dispose() => _handle.Dispose();

    private byte[] Encode()
    {
        var bytes = new byte[(_places.Length * PlaceBytes) + HashBytes];
        for (var i = 0; i < _places.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * PlaceBytes), _places[i].Position);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan((i * PlaceBytes) + 8), _places[i].Sequence);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(^HashBytes..), XxHash64.HashToUInt64(bytes.AsSpan(..^HashBytes)));
        return bytes;
    }

    private LogPlace[]? Load(int partitions)
    {
        var bytes = new byte[(partitions * PlaceBytes) + HashBytes];
        if (RandomAccess.Read(_handle, bytes, 0) != bytes.Length
            || XxHash64.HashToUInt64(bytes.AsSpan(..^HashBytes)) != BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(^HashBytes..)))
        {
            return null;
        }

        return [.. Enumerable.Range(0, partitions).Select(i => new LogPlace(
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * PlaceBytes)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan((i * PlaceBytes) + 8))))];
    }
}
