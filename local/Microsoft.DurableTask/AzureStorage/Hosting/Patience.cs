using Lzn.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Hosting;

/// <summary>Tries again for as long as storage may come back.</summary>
internal static class Patience
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    public static async Task UntilDoneAsync(Func<Task> work, Func<Exception, bool> mayHeal, ILogger logger, string what, CancellationToken stop)
    {
        for (var pause = First; ; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            try
            {
                await work().ConfigureAwait(false);
                return;
            }
            catch (Exception fault) when (mayHeal(fault))
            {
                stop.ThrowIfCancellationRequested(); // whatever the request ended with
                Logs.TriesAgain(logger, what, pause, fault);
                await Task.Delay(pause, stop).ConfigureAwait(false);
            }
        }
    }

    public static Task UntilDoneAsync(Func<Task> work, ILogger logger, string what, CancellationToken stop) =>
        UntilDoneAsync(work, StorageFault.MayHeal, logger, what, stop);
}
