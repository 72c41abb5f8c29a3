using Azure;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Runtime;

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
