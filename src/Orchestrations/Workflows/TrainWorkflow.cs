using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Planning;
using LznPipeline.Activities.Publishing;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LznPipeline.Orchestrations.Workflows;

/// <summary>From images to published embeddings. The instance's id is the run's id.</summary>
public static class TrainWorkflow
{
    [Function(nameof(TrainWorkflow))]
    public static async Task<TrainResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = new RunRequest(
            context.InstanceId,
            context.GetInput<TrainRequest>() ?? throw new InvalidOperationException("The workflow's input is a training request; there is none."));

        await context.StepAsync(RunSteps.Validate, () => context.CallActivityAsync(nameof(ValidateRequest), run, Retry.Storage));
        var dataset = await context.StepAsync(RunSteps.Prepare, () => PrepareAsync(context, run));
        var (model, metrics) = await TrainAsync(context, run, dataset);
        var embeddings = await EmbedDataset.RunAsync(context, new EmbeddingInput(run.RunId, dataset, model, run.Request.ImagesPerPart));

        return new TrainResult(dataset, model, metrics, embeddings);
    }

    private static async Task<DatasetRef> PrepareAsync(TaskOrchestrationContext context, RunRequest run)
    {
        var plan = await context.CallActivityAsync<DatasetPlan>(nameof(PlanDataset), run, Retry.Storage);
        if (plan.Job is { } job)
            await context.CallActivityAsync(nameof(PublishDataset), await context.RunJobAsync(job), Retry.Storage);
        return plan.Dataset;
    }

    private static async Task<(ModelRef Model, SortedDictionary<string, double> Metrics)> TrainAsync(
        TaskOrchestrationContext context, RunRequest run, DatasetRef dataset)
    {
        var plan = await context.StepAsync(
            RunSteps.Train,
            () => context.CallActivityAsync<TrainingPlan>(nameof(PlanTraining), new TrainingInput(run.RunId, run.Request, dataset), Retry.Storage));
        if (plan.Job is not { } training)
            return (plan.Model, plan.Metrics!);         // a model without a job is registered, with its figures

        var weights = await context.StepAsync(RunSteps.Train, () => TrainWeightsAsync(context, plan.Model, training));
        var evaluation = await context.StepAsync(
            RunSteps.Evaluate, () => EvaluateAsync(context, new EvaluationInput(run.RunId, dataset, plan.Model, weights, training, run.Request.Seed)));
        var measured = new MeasuredModel(run.RunId, run.Request, dataset, plan.Model, weights, evaluation);
        return (plan.Model, await context.StepAsync(
            RunSteps.Register, () => context.CallActivityAsync<SortedDictionary<string, double>>(nameof(RegisterModel), measured, Retry.Storage)));
    }

    private static async Task<StoredFile> TrainWeightsAsync(TaskOrchestrationContext context, ModelRef model, JobRef training) =>
        await context.CallActivityAsync<StoredFile>(nameof(PublishWeights), new TrainedModel(await context.RunJobAsync(training), model), Retry.Storage);

    private static async Task<FinishedJob> EvaluateAsync(TaskOrchestrationContext context, EvaluationInput input) =>
        await context.RunJobAsync(await context.CallActivityAsync<JobRef>(nameof(PlanEvaluation), input, Retry.Storage));
}

/// <summary>A run ends here: which step failed, and what the one who first noticed said.</summary>
public sealed class RunFailedException(string step, TaskFailedException cause) : Exception($"Step {step} failed: {RootCause(cause)}", cause)
{
    private static string RootCause(TaskFailedException cause)
    {
        if (cause.FailureDetails is not { } failure)        // so it is when a child was terminated
            return $"{cause.TaskName} was terminated.";
        while (failure.InnerFailure is { } inner)
            failure = inner;
        return failure.ErrorMessage;
    }
}
