using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Jobs;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>
/// Draws now and then what the EMA of the weights generates, always from the same noise and latents.
/// Draws of training are others, so it learns the same with and without.
/// </summary>
internal sealed class SampleGrids(TrainJob job, JobContext context, TrainingRun run, TrainingProgress progress)
{
    /// <summary>A look at training, not an evaluation: it shall cost little.</summary>
    private const int MaxColumns = 4;
    private const int MaxClasses = 10;

    private bool IsDue => job.Recipe.Training.SamplesEvery is > 0 and var every && run.Finished % every == 0;

    /// <summary>Draws what an earlier attempt was to draw when it was killed; and before the first iteration, so that what cannot work shows at once.</summary>
    internal async Task CatchUpAsync()
    {
        if (IsDue && !await context.HasSamplesAsync(run.Finished))
            await DrawAsync();
    }

    /// <summary>To be called after every iteration.</summary>
    internal Task AfterStepAsync() => IsDue ? DrawAsync() : Task.CompletedTask;

    private async Task DrawAsync()
    {
        try
        {
            var png = Draw();
            progress.Add(png);
            await context.WriteSamplesAsync(run.Finished, png);
            context.Log.SamplesDrawn(run.Finished);
        }
        catch (ArithmeticException rough)
        {
            context.Log.SamplesFailed(run.Finished, rough.Message);
        }
        catch (OperationCanceledException) when (!context.Abort.IsCancellationRequested)
        {
            // The process is to end soon, and a checkpoint matters more than a picture.
        }
    }

    /// <returns>A PNG file with a row for each of the first classes, or a square where there are none.</returns>
    /// <exception cref="ArithmeticException">The velocity cannot be followed, as it may be early in training.</exception>
    private byte[] Draw()
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var model = run.Average();
        var columns = Math.Min(job.Recipe.Sampling!.Columns, MaxColumns);                          // who draws has this section
        var rows = model.Classes > 0 ? Math.Min(model.Classes, MaxClasses) : columns;
        var labels = arange(rows, dtype: ScalarType.Int64).repeat_interleave(columns);              // [rows * columns]
        return PictureGrid.Png(new ModelImages(model, job.Recipe, job.Seed).Draw(0, labels, (_, _) => ThrowIfStopped()), columns);
    }

    private void ThrowIfStopped()
    {
        context.Abort.ThrowIfCancellationRequested();
        context.Graceful.ThrowIfCancellationRequested();
    }
}
