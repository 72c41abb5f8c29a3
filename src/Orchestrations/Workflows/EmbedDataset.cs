using LznPipeline.Activities.Planning;
using LznPipeline.Activities.Publishing;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Runs;
using Microsoft.DurableTask;

namespace LznPipeline.Orchestrations.Workflows;

/// <summary>Embeds what is missing of a dataset, a few parts at a time, and publishes the whole.</summary>
internal static class EmbedDataset
{
    internal static async Task<EmbeddingsRef> RunAsync(TaskOrchestrationContext context, EmbeddingInput input)
    {
        await context.StepAsync(RunSteps.Embed, () => EmbedMissingAsync(context, input));
        return await context.StepAsync(
            RunSteps.Publish,
            () => context.CallActivityAsync<EmbeddingsRef>(nameof(PublishEmbeddings), new EmbeddedDataset(input.Dataset, input.Model), Retry.Storage));
    }

    /// <summary>A plan names some hundred parts at most, so it is asked for again until none is missing.</summary>
    private static async Task EmbedMissingAsync(TaskOrchestrationContext context, EmbeddingInput input)
    {
        var missing = await PlanAsync(context, input);
        while (missing.Steps.Length > 0)
        {
            await EmbedPartsAsync(context, input.RunId, missing);
            missing = await PlanAsync(context, input with { Record = false });
        }
    }

    private static Task<MissingParts> PlanAsync(TaskOrchestrationContext context, EmbeddingInput input) =>
        context.CallActivityAsync<MissingParts>(nameof(PlanEmbedding), input, Retry.Storage);

    private static async Task EmbedPartsAsync(TaskOrchestrationContext context, string runId, MissingParts missing)
    {
        var underWay = new List<Task>();
        foreach (var step in missing.Steps)
        {
            if (underWay.Count == missing.AtOnce)
            {
                var ended = await Task.WhenAny(underWay);
                underWay.Remove(ended);
                await ended;
            }

            underWay.Add(EmbedPartAsync(context, new JobRef(runId, step)));
        }

        await Task.WhenAll(underWay);
    }

    private static async Task EmbedPartAsync(TaskOrchestrationContext context, JobRef job) =>
        await context.CallActivityAsync(nameof(PublishPart), await context.RunJobAsync(job), Retry.Storage);
}
