using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>A store that tells of every blob that was written whole.</summary>
/// <param name="before">Ends before the writing of a blob begins; null for no wait.</param>
internal sealed class WatchedStore(ArtifactStore inner, Action<string> written, Func<string, Task>? before = null) : ArtifactStore
{
    public override Task<StoredContent?> FindAsync(string name, CancellationToken stop) => inner.FindAsync(name, stop);

    public override Task<long?> LengthAsync(string name, CancellationToken stop) => inner.LengthAsync(name, stop);

    public override Task<Stream> OpenReadAsync(string name, CancellationToken stop) => inner.OpenReadAsync(name, stop);

    public override Task<bool> CreateAsync(string name, Stream content, CancellationToken stop) => inner.CreateAsync(name, content, stop);

    public override Task<string?> ReplaceAsync(string name, BinaryData content, string? etag, CancellationToken stop) =>
        inner.ReplaceAsync(name, content, etag, stop);

    public override async Task WriteAsync(string name, Stream content, CancellationToken stop)
    {
        if (before is not null)
            await before(name).WaitAsync(stop);
        await inner.WriteAsync(name, content, stop);
        written(name);
    }

    public override Task AppendAsync(string name, BinaryData content, CancellationToken stop) => inner.AppendAsync(name, content, stop);

    public override Task<bool> CopyAsync(string from, string to, CancellationToken stop) => inner.CopyAsync(from, to, stop);

    public override IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken stop) => inner.ListAsync(prefix, stop);

    public override Task DeleteAsync(string name, CancellationToken stop) => inner.DeleteAsync(name, stop);
}
