using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tensors;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>
/// Writes checkpoints while training goes on. One at a time: so there is one copy of the state in memory, and they become the last one in their order.
/// </summary>
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

/// <summary>
/// A copy of a training's state in the processor's memory, as large as weights, EMA weights and moments together: what is written while training goes on.
/// </summary>
internal sealed class TrainingSnapshot : IDisposable
{
    private readonly Recipe _recipe;
    private readonly string[] _classes;
    private readonly TrainingCounters _counters;
    private readonly List<KeyValuePair<string, Tensor>> _tensors;

    /// <param name="state">Copied; it may change afterwards.</param>
    internal TrainingSnapshot(Recipe recipe, string[] classes, TrainingCounters counters, IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        using var frozen = no_grad();
        (_recipe, _classes, _counters) = (recipe, classes, counters);
        _tensors = [.. state.Select(each => KeyValuePair.Create(each.Key, each.Value.to(CPU, copy: true).DetachFromDisposeScope()))];
    }

    internal long Iteration => _counters.Iteration;

    internal double? MeanLoss => _counters.MeanLoss;

    internal void Write(Stream to) =>
        Checkpoint.Write(to, _recipe, _classes, _counters, [.. _tensors.Select(each => KeyValuePair.Create(each.Key, TensorSource.Of(each.Value)))]);

    public void Dispose()
    {
        foreach (var (_, tensor) in _tensors)
            tensor.Dispose();
    }
}
