using LznPipeline.Activities.Jobs;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;

namespace LznPipeline.Activities.Publishing;

/// <summary>Puts trained weights into the model's folder, once; whoever comes second gets what is there. No model is registered by that yet.</summary>
/// <remarks>It comes before the evaluation, so that what is measured is what will be registered.</remarks>
public sealed class PublishWeights(JobBook jobs, Publisher publisher)
{
    [Function(nameof(PublishWeights))]
    public async Task<StoredFile> RunAsync([ActivityTrigger] TrainedModel trained, CancellationToken stop)
    {
        var ((job, attempt), model) = trained;
        var made = (await jobs.ResultAsync<TrainJobResult>(job, attempt, stop)).Weights;
        var (folder, target) = (BlobLayout.ModelFolder(model.Name, model.Version), BlobLayout.ModelWeights(model.Name, model.Version));
        var from = BlobLayout.In(BlobLayout.Attempt(job.RunId, job.Step, attempt), made.Name);
        return await publisher.CopyAsync(from, folder, made with { Name = target[(folder.Length + 1)..] }, stop);
    }
}

public sealed record TrainedModel(FinishedJob Training, ModelRef Model);
