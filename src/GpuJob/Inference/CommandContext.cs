using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Inference;

/// <summary>
/// What a command that uses a model sees of the world around it. Its lines for people go to standard error; what it finds, to standard output.
/// </summary>
/// <param name="stop">Cancelled when the command shall end.</param>
internal sealed class CommandContext(ILogger log, CancellationToken stop)
{
    /// <summary>Between two lines that tell how far it is.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    internal ILogger Log => log;

    internal CancellationToken Stop => stop;

    /// <summary>Runs a command's work.</summary>
    /// <returns>The exit code.</returns>
    internal static Task<int> InvokeAsync(Func<CommandContext, Task> work) => CommandRun.RunAsync(
        async stop =>
        {
            await work(new CommandContext(new ConsoleLog(Console.Error), stop));
            return ExitCode.Done;
        },
        JobEnd.OfCommand);

    /// <summary>Begins a stage of work.</summary>
    /// <returns>To be told how far it is; ends the command there when it shall stop.</returns>
    internal Action<long> Stage(string name, long total)
    {
        var last = TimeProvider.System.GetTimestamp();
        return done =>
        {
            if (stop.IsCancellationRequested)
                throw new JobInterruptedException($"Stopped on request ({name}, {done} of {total}). Nothing was written.");
            if (TimeProvider.System.GetElapsedTime(last) < Pause)
                return;
            last = TimeProvider.System.GetTimestamp();
            log.Progressed(name, done, total);
        };
    }
}
