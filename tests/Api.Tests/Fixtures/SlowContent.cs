using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ServerlessRec.Api.Tests.Fixtures;

/// <summary>A JSON body whose second half is sent only when the test says so.</summary>
internal sealed class SlowContent : HttpContent
{
    private readonly byte[] _bytes;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SlowContent(string json)
    {
        _bytes = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    public Task Begun => _begun.Task;

    public void Finish() => _finish.SetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_bytes.AsMemory(0, _bytes.Length / 2));
        await stream.FlushAsync();

        // The server must have begun the request before it is told to stop.
        await Task.Delay(100);
        _begun.SetResult();
        await _finish.Task;
        await stream.WriteAsync(_bytes.AsMemory(_bytes.Length / 2));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
