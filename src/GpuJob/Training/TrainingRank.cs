using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Sources;

namespace LznPipeline.GpuJob.Training;

/// <summary>What one rank needs to train: its copy of the model and its part of the data.</summary>
internal sealed class TrainingRank : IDisposable
{
    private readonly IBatchSource _batches;

    private TrainingRank(IBatchSource batches, TrainingRun run) => (_batches, Run) = (batches, run);

    internal TrainingRun Run { get; }

    /// <param name="checkpoint">Name of the blob to go on from; null to begin.</param>
    /// <exception cref="OptionsException">
    /// The recipe is wrong, the batch cannot be shared equally, or the device cannot compute in the recipe's type.
    /// </exception>
    internal static async Task<TrainingRank> OpenAsync(TrainJob job, JobSurroundings surroundings, IDeviceGroup group, string? checkpoint)
    {
        job.Recipe.ThrowIfInvalid();            // job.json may be written by hand
        ThrowUnlessShareable(job.Recipe.Training, group.Size);
        Precisions.ThrowUnlessComputable(job.Recipe.Training.Precision, group.Device);
        var manifest = await Datasets.ManifestAsync(surroundings, job.Dataset);
        var batches = await Datasets.BatchesAsync(
            surroundings,
            manifest,
            SplitPlan.Train,
            job.Recipe,
            BatchPlan.For(job.Recipe, job.Seed) with { Rank = group.Rank, Ranks = group.Size },
            group.Device);
        if (job.Recipe.Objective is Objective.Joint && manifest.Classes is [var only])
            throw new BadInputException($"Dataset {manifest.Name} has images of one class only, '{only}': objective joint needs two or more. "
                + "Add classes, or train generation or representation.");
        if (job.Recipe.Objective is Objective.Joint
            && Array.FindIndex(manifest.Splits[SplitPlan.Train].ImagesPerClass, images => images == 0) is var missing and >= 0)
            throw new BadInputException($"Class '{manifest.Classes[missing]}' of dataset {manifest.Name} has no image to train on, "
                + "and objective joint learns every class. Add images, leave the class out, or train generation or representation.");
        var rank = new TrainingRank(batches, new TrainingRun(job.Recipe, batches, manifest.Classes, job.Seed, group));
        await rank.ResumeAsync(job, surroundings, checkpoint);
        rank.Run.Align();
        return rank;
    }

    public void Dispose()
    {
        Run.Dispose();
        _batches.Dispose();
    }

    /// <summary>The mean over the batch is the mean of the ranks' means only if all have as many images.</summary>
    private static void ThrowUnlessShareable(TrainingRecipe training, int ranks)
    {
        var problems = new Problems();
        problems.Unless(
            training.BatchSize % ranks == 0,
            "training.batchSize",
            training.BatchSize,
            $"a multiple of the number of devices, here {ranks}. Change it, or choose others with --devices");
        problems.Unless(
            (training.DecoderBatchSize ?? 0) % ranks == 0,
            "training.decoderBatchSize",
            training.DecoderBatchSize,
            $"a multiple of the number of devices, here {ranks}. Change it, or choose others with --devices");
        problems.ThrowIfAny();
    }

    private async Task ResumeAsync(TrainJob job, JobSurroundings surroundings, string? checkpoint)
    {
        if (checkpoint is not null)
            Run.Load(await surroundings.FetchAsync(checkpoint), checkpoint);
        else if (job.Start is { Source: var source })
            Run.StartFrom(await OpenAsync(source, surroundings), source);
        else
            return;
        surroundings.Log.Resumed(Run.Finished, checkpoint ?? job.Start!.Source);      // one of them was there
    }

    private static async Task<Stream> OpenAsync(string source, JobSurroundings surroundings)
    {
        try
        {
            return await TemporaryFile.HoldingAsync(await SourceAddress.OpenReadAsync(source, surroundings.Store, surroundings.Abort), surroundings.Abort);
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or InvalidDataException)
        {
            throw new BadInputException(
                $"startFrom '{source}' is no file on the machine that trains, and no blob. Correct it, or give blob:NAME for a checkpoint in the container.",
                wrong);
        }
    }
}

/// <summary>The time that a training may take, over all its attempts.</summary>
/// <param name="limit">Null for any.</param>
internal sealed class TimeBudget(TimeSpan? limit, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private TimeSpan _before;

    /// <summary>Up to now, without what was lost behind the checkpoint that an attempt went on from; null without a limit.</summary>
    internal TimeSpan? Spent => limit is null ? null : _before + clock.GetElapsedTime(_began);

    internal bool IsSpent => Spent >= limit;

    /// <param name="spent">By earlier attempts.</param>
    internal void Restore(TimeSpan? spent) => _before = spent ?? TimeSpan.Zero;
}
