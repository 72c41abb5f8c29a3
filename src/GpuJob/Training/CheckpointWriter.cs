using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Training;

/// <summary>Writes checkpoints while training goes on. One at a time: so there is one copy of the state in memory, and they become the last one in their order.</summary>
/// <param name="keep">How many of the newest stay.</param>
internal sealed class CheckpointWriter(JobContext context, TrainingProgress progress, int keep) : IAsyncDisposable
{
    private Task _writing = Task.CompletedTask;

    /// <summary>Copies the state and begins to write it, once the checkpoint before is written.</summary>
    /// <remarks>Throws what kept the one before from being written.</remarks>
    internal async Task BeginAsync(TrainingRun run)
    {
        await _writing;
        await progress.FlushAsync();        // what lies behind a checkpoint is never computed again, so it must have been told
        var snapshot = run.Snapshot();
        _writing = Task.Run(() => WriteAsync(snapshot), CancellationToken.None);
    }

    /// <summary>Throws what kept the last checkpoint from being written, if that is known by now; does not wait.</summary>
    internal Task ThrowIfFailedAsync() => _writing.IsCompleted ? _writing : Task.CompletedTask;

    /// <summary>Waits until the last checkpoint is written.</summary>
    internal Task EndAsync() => _writing;

    /// <summary>Whatever ended training has been said; but the job must not end while something of it still writes.</summary>
    public async ValueTask DisposeAsync() => await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task WriteAsync(TrainingSnapshot snapshot)
    {
        using (snapshot)
            await context.CheckpointAsync(snapshot.Iteration, snapshot.MeanLoss, keep, snapshot.Write);
        context.Log.Checkpointed(snapshot.Iteration);
    }
}
