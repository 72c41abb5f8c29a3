using System.Runtime.CompilerServices;
using Azure;
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

/// <summary>Waits for storage that stumbles: training that ran for hours does not die of a restart of the storage service.</summary>
/// <param name="limit">How long storage may be away before the job gives up.</param>
internal sealed class Patience(TimeSpan limit)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>What the program waits by default.</summary>
    internal static Patience Minutes { get; } = new(TimeSpan.FromMinutes(3));

    /// <summary>Runs <paramref name="action"/>, again and again while storage does not answer. It must be safe to repeat.</summary>
    /// <exception cref="StoreLostException">Storage did not come back in time.</exception>
    internal async Task<T> RunAsync<T>(Func<Task<T>> action, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                return await action();
            }
            catch (Exception failed) when (IsTransient(failed) && !stop.IsCancellationRequested)
            {
                if (TimeProvider.System.GetElapsedTime(began) + pause > limit)
                    throw new StoreLostException(limit, failed);
            }

            await Task.Delay(pause, stop);
        }
    }

    /// <summary>Whether trying again may help: no answer at all, a busy service, or a failing disk.</summary>
    private static bool IsTransient(Exception failed) => failed switch
    {
        RequestFailedException answered => answered.Status is 0 or 408 or 429 or >= 500,
        AggregateException several => several.InnerExceptions.All(IsTransient),
        FileNotFoundException or DirectoryNotFoundException or EndOfStreamException => false,
        StoreUnavailableException or IOException or TaskCanceledException => true,
        _ => false,
    };
}
