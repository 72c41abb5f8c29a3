using System.Runtime.CompilerServices;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>A store whose every call waits out a storage service that is away for a while.</summary>
internal sealed class PatientStore(ArtifactStore inner, Patience patience) : ArtifactStore
{
    public override Task<StoredContent?> FindAsync(string name, CancellationToken stop) => patience.RunAsync(() => inner.FindAsync(name, stop), stop);

    public override Task<long?> LengthAsync(string name, CancellationToken stop) => patience.RunAsync(() => inner.LengthAsync(name, stop), stop);

    public override Task<Stream> OpenReadAsync(string name, CancellationToken stop) => patience.RunAsync(() => inner.OpenReadAsync(name, stop), stop);

    public override string? FileOf(string name) => inner.FileOf(name);

    public override Task<bool> CreateAsync(string name, Stream content, CancellationToken stop) =>
        patience.RunAsync(() => inner.CreateAsync(name, FromStart(content), stop), stop);

    public override Task<string?> ReplaceAsync(string name, BinaryData content, string? etag, CancellationToken stop) =>
        patience.RunAsync(() => inner.ReplaceAsync(name, content, etag, stop), stop);

    public override Task WriteAsync(string name, Stream content, CancellationToken stop) =>
        patience.RunAsync(() => Done(inner.WriteAsync(name, FromStart(content), stop)), stop);

    public override Task AppendAsync(string name, BinaryData content, CancellationToken stop) =>
        patience.RunAsync(() => Done(inner.AppendAsync(name, content, stop)), stop);

    public override Task<bool> CopyAsync(string from, string to, CancellationToken stop) => patience.RunAsync(() => inner.CopyAsync(from, to, stop), stop);

    public override async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var name in await patience.RunAsync(() => inner.ListAsync(prefix, stop).ToListAsync(stop).AsTask(), stop))
            yield return name;
    }

    public override Task DeleteAsync(string name, CancellationToken stop) => patience.RunAsync(() => Done(inner.DeleteAsync(name, stop)), stop);

    /// <summary>A failed try may have read part of it.</summary>
    private static Stream FromStart(Stream content)
    {
        content.Position = 0;
        return content;
    }

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }
}
