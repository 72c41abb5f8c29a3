using LznPipeline.Shared.Storage;

namespace LznPipeline.Activities.Tests.Storage;

/// <summary>A store whose user is killed: the write with this number, and everything after it, does not happen.</summary>
internal sealed class KilledStore(ArtifactStore inner, int survivedWrites) : ArtifactStore
{
    private int _writes;

    internal bool WasReached => _writes > survivedWrites;

    public override Task<StoredContent?> FindAsync(string name, CancellationToken stop) => inner.FindAsync(name, stop);

    public override Task<long?> LengthAsync(string name, CancellationToken stop) => inner.LengthAsync(name, stop);

    public override Task<Stream> OpenReadAsync(string name, CancellationToken stop) => inner.OpenReadAsync(name, stop);

    public override Task<bool> CreateAsync(string name, Stream content, CancellationToken stop) => Write(() => inner.CreateAsync(name, content, stop));

    public override Task<string?> ReplaceAsync(string name, BinaryData content, string? etag, CancellationToken stop) =>
        Write(() => inner.ReplaceAsync(name, content, etag, stop));

    public override Task WriteAsync(string name, Stream content, CancellationToken stop) => Write(async () =>
    {
        await inner.WriteAsync(name, content, stop);
        return true;
    });

    public override Task AppendAsync(string name, BinaryData content, CancellationToken stop) => Write(async () =>
    {
        await inner.AppendAsync(name, content, stop);
        return true;
    });

    public override Task<bool> CopyAsync(string from, string to, CancellationToken stop) => Write(() => inner.CopyAsync(from, to, stop));

    public override IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken stop) => inner.ListAsync(prefix, stop);

    public override Task DeleteAsync(string name, CancellationToken stop) => Write(async () =>
    {
        await inner.DeleteAsync(name, stop);
        return true;
    });

    private Task<T> Write<T>(Func<Task<T>> write) => Interlocked.Increment(ref _writes) <= survivedWrites ? write() : throw new KilledException();
}

internal sealed class KilledException : Exception;
