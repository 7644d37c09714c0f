namespace ServerlessRec.Index.Memory;

/// <summary>Bytes outside the managed heap that do not move until disposed.</summary>
internal unsafe interface IMemoryBlock : IDisposable
{
    byte* Pointer { get; }

    long Length { get; }
}
