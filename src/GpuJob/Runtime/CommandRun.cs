using System.Runtime.InteropServices;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>What every command has in common: a signal asks it to end, and every end has an exit code.</summary>
internal static class CommandRun
{
    /// <param name="work">Gets what is cancelled when the process is asked to end.</param>
    /// <param name="endOf">What a failure means.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(Func<CancellationToken, Task<int>> work, Func<Exception, JobEnd> endOf)
    {
        using var graceful = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Request);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Request);
        try
        {
            return await work(graceful.Token);
        }
        catch (Exception early)
        {
            // Nothing was claimed, so the exit code and this line are all there is.
            var end = graceful.IsCancellationRequested && early is OperationCanceledException ? new JobEnd(ExitCode.Interrupted, null, early) : endOf(early);
            await Console.Error.WriteLineAsync(end.ExitCode is ExitCode.Bug ? early.ToString() : early.Message);
            return end.ExitCode;
        }

        void Request(PosixSignalContext signal)
        {
            signal.Cancel = true;       // the default would end the process before a checkpoint is saved
            graceful.Cancel();
        }
    }
}
