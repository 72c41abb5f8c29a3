using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Devices;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using TorchSharp;

namespace LznPipeline.GpuJob.Training;

/// <summary>
/// Trains a model on all devices together, from its last checkpoint if there is one, to the end or until asked to stop.
/// Rank 0 leads: it alone reports and writes.
/// </summary>
internal static class TrainModel
{
    private const string WeightsFile = "model.safetensors";

    /// <summary>The part of rank 0.</summary>
    internal static async Task<TrainJobResult> RunAsync(TrainJob job, JobContext context) =>
        await TogetherAsync(job, context, await NewestWholeAsync(context), (group, checkpoint) => LeadAsync(job, context, group, checkpoint));

    /// <summary>The part of every other rank.</summary>
    /// <returns>Iterations done.</returns>
    internal static Task<long> FollowAsync(TrainJob job, JobSurroundings surroundings) =>
        TogetherAsync(job, surroundings, checkpoint: null, (group, checkpoint) => FollowAsync(job, surroundings, group, checkpoint));

    /// <summary>The newest checkpoint that is there and has the bytes that were written. Others are named, and stay for who wants to look.</summary>
    /// <returns>Null to begin anew.</returns>
    private static async Task<string?> NewestWholeAsync(JobContext context)
    {
        foreach (var name in await context.CheckpointsAsync())
        {
            try
            {
                Checkpoint.Read(await context.FetchAsync(name), name).Dispose();
                return name;
            }
            catch (BadInputException damaged)
            {
                context.Log.CheckpointUnusable(damaged.Message);
            }
        }

        return null;
    }

    /// <param name="checkpoint">From which all ranks go on; rank 0 decides.</param>
    private static Task<T> TogetherAsync<T>(TrainJob job, JobSurroundings surroundings, string? checkpoint, Func<IDeviceGroup, string?, Task<T>> train)
    {
        var identity = $"{job.RunId}/{job.Step} {ContentHash.Version<JobSpec>(job)}, code {CodeVersions.Train}";
        return DeviceSession.RunAsync(
            surroundings.Launch,
            identity,
            checkpoint ?? "",
            surroundings.Log,
            (group, briefing) => train(group, briefing.Length > 0 ? briefing : null),
            surroundings.Graceful);
    }

    private static async Task<TrainJobResult> LeadAsync(TrainJob job, JobContext context, IDeviceGroup group, string? checkpoint)
    {
        using var rank = await TrainingRank.OpenAsync(job, context, group, checkpoint);
        var (run, training) = (rank.Run, job.Recipe.Training);
        context.Log.ModelBuilt(Count(run.Model.Encoder), run.Model.Decoder is { } decoder ? Count(decoder) : 0, run.BatchSize);
        var progress = new TrainingProgress(context, run, training, header: !await context.HasMetricsAsync());
        var samples = new SampleGrids(job, context, run, progress);
        await using var checkpoints = new CheckpointWriter(context, progress, training.KeepCheckpoints);
        progress.Report();
        await samples.CatchUpAsync();
        while (run.GoesOn)
        {
            context.Abort.ThrowIfCancellationRequested();
            await progress.AddAsync(run.Step(context.IsStopRequested));
            await checkpoints.ThrowIfFailedAsync();
            if (run.Finished % training.CheckpointEvery == 0 && run.GoesOn)
                await checkpoints.BeginAsync(run);
            await samples.AfterStepAsync();
        }

        await progress.FlushAsync();
        if (run.Finished < training.Iterations)
            await checkpoints.BeginAsync(run);
        await checkpoints.EndAsync();
        if (!run.IsFinished)
            throw Interrupted(run, training.Iterations);
        if (run.IsOutOfTime)
            context.Log.OutOfTime(training.TimeBudget!.Value, run.Finished, training.Iterations);       // there is one to spend

        if (run.Skipped > 0)
            context.Log.StepsSkipped(run.Skipped, run.Finished);
        var weights = await context.WriteAsync(WeightsFile, run.SaveModel);
        return new TrainJobResult(weights, run.Finished, run.MeanLoss, progress.ImagesPerSecond, progress.Seconds) { OutOfTime = run.IsOutOfTime };
    }

    private static async Task<long> FollowAsync(TrainJob job, JobSurroundings surroundings, IDeviceGroup group, string? checkpoint)
    {
        using var rank = await TrainingRank.OpenAsync(job, surroundings, group, checkpoint);
        var (run, iterations) = (rank.Run, job.Recipe.Training.Iterations);
        while (run.GoesOn)
            run.Step(surroundings.IsStopRequested);
        return run.IsFinished ? run.Finished : throw Interrupted(run, iterations);
    }

    private static JobInterruptedException Interrupted(TrainingRun run, long iterations) =>
        new($"Stopped on request after iteration {run.Finished} of {iterations}; the next attempt goes on there.");

    private static long Count(torch.nn.Module module) => module.parameters().Sum(parameter => parameter.numel());
}
