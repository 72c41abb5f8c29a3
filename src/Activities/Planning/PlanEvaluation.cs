using LznPipeline.Activities.Jobs;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;

namespace LznPipeline.Activities.Planning;

/// <summary>Describes the job that measures trained weights. Its folder is named by its content, so asked again it is the same job.</summary>
public sealed class PlanEvaluation(JobBook jobs, Lineage lineage)
{
    [Function(nameof(PlanEvaluation))]
    public async Task<JobRef> RunAsync([ActivityTrigger] EvaluationInput input, CancellationToken stop)
    {
        var (runId, dataset, model, weights, training, seed) = input;
        var madeFrom = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["dataset"] = $"{dataset.Name}/{dataset.Version}",
            ["weights"] = weights.Sha256,
            ["seed"] = $"{seed}",
            ["evaluateCode"] = $"{CodeVersions.Evaluate}",
        };
        await lineage.RecordAsync(
            runId,
            new StepLineage(
                RunSteps.Evaluate, Reused: false, BlobLayout.ModelFolder(model.Name, model.Version), "The model is new, so it was never measured.", madeFrom),
            stop);
        var curves = BlobLayout.JobMetrics(training.RunId, training.Step);
        var weightsName = BlobLayout.ModelWeights(model.Name, model.Version);
        return await jobs.WriteAsync(new EvaluateJob(runId, RunSteps.Evaluate, dataset, weightsName, seed) { Curves = curves, Training = training }, stop);
    }
}

/// <param name="Weights">As they lie in the model's folder.</param>
/// <param name="Training">The job that made them.</param>
public sealed record EvaluationInput(string RunId, DatasetRef Dataset, ModelRef Model, StoredFile Weights, JobRef Training, long Seed);
