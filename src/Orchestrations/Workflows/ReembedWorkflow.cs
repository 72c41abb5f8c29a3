using LznPipeline.Activities.Planning;
using LznPipeline.Shared;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LznPipeline.Orchestrations.Workflows;

/// <summary>Embeds the current version of a dataset by a model, as far as that was not done yet.</summary>
public static class ReembedWorkflow
{
    private const int ImagesPerPart = 1000;

    [Function(nameof(ReembedWorkflow))]
    public static Task<EmbeddingsRef> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var (dataset, model) = context.GetInput<ReembedRequest>() ?? throw new InvalidOperationException("The input is a dataset and a model; there is none.");
        return EmbedDataset.RunAsync(context, new EmbeddingInput(context.InstanceId, dataset, model, ImagesPerPart));
    }
}

public sealed record ReembedRequest(DatasetRef Dataset, ModelRef Model);
