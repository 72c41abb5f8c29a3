using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>A store whose writes of some blobs fail a number of times.</summary>
internal sealed class FailingStore(ArtifactStore inner, Predicate<string> fails, int failures) : ArtifactStore
{
    private int _left = failures;

    public override Task<StoredContent?> FindAsync(string name, CancellationToken stop) => inner.FindAsync(name, stop);

    public override Task<long?> LengthAsync(string name, CancellationToken stop) => inner.LengthAsync(name, stop);

    public override Task<Stream> OpenReadAsync(string name, CancellationToken stop) => inner.OpenReadAsync(name, stop);

    public override Task<bool> CreateAsync(string name, Stream content, CancellationToken stop) => Try(name, () => inner.CreateAsync(name, content, stop));

    public override Task<string?> ReplaceAsync(string name, BinaryData content, string? etag, CancellationToken stop) =>
        Try(name, () => inner.ReplaceAsync(name, content, etag, stop));

    public override Task WriteAsync(string name, Stream content, CancellationToken stop) => Try(name, () => inner.WriteAsync(name, content, stop));

    public override Task AppendAsync(string name, BinaryData content, CancellationToken stop) => Try(name, () => inner.AppendAsync(name, content, stop));

    public override Task<bool> CopyAsync(string from, string to, CancellationToken stop) => Try(to, () => inner.CopyAsync(from, to, stop));

    public override IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken stop) => inner.ListAsync(prefix, stop);

    public override Task DeleteAsync(string name, CancellationToken stop) => Try(name, () => inner.DeleteAsync(name, stop));

    private T Try<T>(string name, Func<T> action) =>
        fails(name) && Interlocked.Decrement(ref _left) >= 0 ? throw new IOException("the connection was refused") : action();
}
