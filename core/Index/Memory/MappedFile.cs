using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace ServerlessRec.Index.Memory;

/// <summary>A file mapped read-only. The file must not be truncated while it is mapped.</summary>
internal sealed unsafe class MappedFile : IMemoryBlock
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private byte* _pointer;

    public MappedFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        Length = stream.Length;
        if (Length == 0)
            throw new SnapshotFormatException("header", 0, $"the file '{Path.GetFileName(path)}' is empty.");
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
        _handle.AcquirePointer(ref _pointer);
    }

    public byte* Pointer => _pointer;

    public long Length { get; }

    public void Dispose()
    {
        if (_pointer is null)
            return;
        _pointer = null;
        _handle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
