using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Publishing;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;

namespace LznPipeline.Activities.Planning;

/// <summary>
/// Finds the registered model that a request means, or describes the job that trains it.
/// The version is the hash of all that goes in: asked again, it says the same.
/// </summary>
public sealed class PlanTraining(ArtifactStore store, SourceFingerprint fingerprint, Publisher publisher, JobBook jobs, Lineage lineage)
{
    [Function(nameof(PlanTraining))]
    public async Task<TrainingPlan> RunAsync([ActivityTrigger] TrainingInput input, CancellationToken stop)
    {
        var (runId, request, dataset) = input;
        var recipe = request.Validate();
        var madeFrom = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["dataset"] = $"{dataset.Name}/{dataset.Version}",
            ["recipe"] = ContentHash.Version(recipe.Identity()),
            ["seed"] = $"{request.Seed}",
            ["trainCode"] = $"{CodeVersions.Train}",
            ["evaluateCode"] = $"{CodeVersions.Evaluate}",
        };
        var start = request.StartFrom is { } source ? new StartPoint(source, await FingerprintAsync(source, stop)) : null;
        if (start is not null)
            madeFrom["startFrom"] = start.Fingerprint;
        var model = new ModelRef(request.Name, ContentHash.Version(madeFrom));
        var folder = BlobLayout.ModelFolder(model.Name, model.Version);
        var (found, why) = await FindAsync(model, stop);
        await lineage.RecordAsync(runId, new StepLineage(RunSteps.Train, found is not null, folder, why, madeFrom), stop);
        if (found is null)
            return new TrainingPlan(
                model, await jobs.WriteAsync(new TrainJob(runId, RunSteps.Train, dataset, recipe, request.Seed) { Start = start }, stop), Metrics: null);

        await lineage.RecordAsync(runId, new StepLineage(RunSteps.Evaluate, Reused: true, folder, why, madeFrom), stop);
        return new TrainingPlan(model, Job: null, found.Metrics);
    }

    private Task<string> FingerprintAsync(string checkpoint, CancellationToken stop) =>
        fingerprint.OfAsync(
            checkpoint, "startFrom", "a checkpoint file that is there and can be read by this app and its jobs, or blob:NAME of one in the container", stop);

    private async Task<(ModelManifest? Model, string Why)> FindAsync(ModelRef model, CancellationToken stop)
    {
        var folder = BlobLayout.ModelFolder(model.Name, model.Version);
        var name = BlobLayout.ModelManifest(model.Name, model.Version);
        if (await store.FindJsonAsync<ModelManifest>(name, stop) is not { } manifest)
            return (null, "No model of this name was registered for this dataset, recipe and seed before.");
        if (await publisher.FindDamageAsync(folder, [manifest.Weights, manifest.Report, .. manifest.Samples], read: true, stop) is not { } damage)
            return (manifest, $"Dataset, recipe, seed and code are those of run {manifest.RunId}; its weights are there with their checksum.");
        await publisher.WithdrawAsync(folder, damage, [name, BlobLayout.ModelMetrics(model.Name, model.Version)], stop);
        return (null, $"It was registered before, but {damage}. It is made again.");
    }
}

public sealed record TrainingInput(string RunId, TrainRequest Request, DatasetRef Dataset);

/// <param name="Job">Trains the model; null when it is registered.</param>
/// <param name="Metrics">Of the registered model.</param>
public sealed record TrainingPlan(ModelRef Model, JobRef? Job, SortedDictionary<string, double>? Metrics);
