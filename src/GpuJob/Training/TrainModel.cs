using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Training;

/// <summary>Trains a model, from its last checkpoint if there is one, to the end or until asked to stop.</summary>
internal static class TrainModel
{
    private const string WeightsFile = "model.safetensors";

    internal static async Task<TrainJobResult> RunAsync(TrainJob job, JobContext context)
    {
        var manifest = await Datasets.ManifestAsync(context, job.Dataset);
        if (job.Recipe.Objective is Objective.Joint && manifest.Classes is [var only])
            throw new BadInputException($"Dataset {manifest.Name} has images of one class only, '{only}': objective joint needs two or more. Add classes, or train generation or representation.");
        using var batches = await Datasets.BatchesAsync(context, manifest, SplitPlan.Train, job.Recipe, job.Seed);
        using var run = new TrainingRun(job.Recipe, batches, manifest.Classes, job.Seed);
        context.Log.ModelBuilt(Count(run.Model.Encoder), run.Model.Decoder is { } decoder ? Count(decoder) : 0, run.BatchSize);
        await ResumeAsync(run, job, context);

        var training = job.Recipe.Training;
        var progress = new TrainingProgress(context, run, training.Iterations, header: !await context.HasMetricsAsync());
        while (run.Finished < training.Iterations && !context.IsStopRequested)
        {
            context.Hard.ThrowIfCancellationRequested();
            await progress.AddAsync(run.Step());
            if (run.Finished % training.CheckpointEvery == 0 && run.Finished < training.Iterations)
                await SaveAsync(run, context, progress);
        }

        await progress.FlushAsync();
        if (run.Finished < training.Iterations)
        {
            await SaveAsync(run, context, progress);
            throw new JobInterruptedException($"Stopped on request after iteration {run.Finished} of {training.Iterations}; the next attempt goes on there.");
        }

        if (run.Skipped > 0)
            context.Log.StepsSkipped(run.Skipped, run.Finished);
        var weights = await context.WriteAsync(WeightsFile, run.SaveModel);
        return new TrainJobResult(weights, run.Finished, run.MeanLoss, progress.ImagesPerSecond, progress.Seconds);
    }

    private static async Task ResumeAsync(TrainingRun run, TrainJob job, JobContext context)
    {
        if (context.LastCheckpoint is { } name)
            run.Load(await context.FetchAsync(name), name);
        else if (job.Start is { Source: var source })
            run.StartFrom(await OpenAsync(source, context), source);
        else
            return;
        context.Log.Resumed(run.Finished, context.LastCheckpoint ?? job.Start!.Source);      // one of them was there
    }

    private static async Task<Stream> OpenAsync(string source, JobContext context)
    {
        if (SourceAddress.BlobOf(source) is { } blob)
            return await context.FetchAsync(blob);
        return File.Exists(source) ? File.OpenRead(source) : throw new BadInputException($"startFrom '{source}' is no file on the machine that trains. Correct it, or give blob:NAME for a checkpoint in the container.");
    }

    private static async Task SaveAsync(TrainingRun run, JobContext context, TrainingProgress progress)
    {
        await context.CheckpointAsync(run.Finished, run.Save, progress.Current);
        context.Log.Checkpointed(run.Finished);
    }

    private static long Count(TorchSharp.torch.nn.Module module) => module.parameters().Sum(parameter => parameter.numel());
}
