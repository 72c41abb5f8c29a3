using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Embedding;
using LznPipeline.GpuJob.Evaluation;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Commands;

/// <summary>Which code runs which kind of job.</summary>
internal static class JobVerbs
{
    internal static async Task<JobResult> RunAsync(JobSpec job, JobContext context) => job switch
    {
        PrepareJob prepare => await PrepareDataset.RunAsync(prepare, context),
        TrainJob train => await TrainModel.RunAsync(train, context),
        EvaluateJob evaluate => await EvaluateModel.RunAsync(evaluate, context),
        EmbedJob embed => await EmbedPart.RunAsync(embed, context),
        _ => throw new BadInputException($"This program does not know jobs of kind {job.Verb}."),
    };
}
