using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Planning;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Publishing;

/// <summary>Registers a measured model: samples and figures once each, <c>model.json</c> after all of them. Whoever comes second gets the figures that are registered.</summary>
public sealed class RegisterModel(ArtifactStore store, JobBook jobs, Publisher publisher, ILogger<RegisterModel> log)
{
    [Function(nameof(RegisterModel))]
    public async Task<SortedDictionary<string, double>> RunAsync([ActivityTrigger] MeasuredModel measured, CancellationToken stop)
    {
        var (runId, request, dataset, model, weights, (job, attempt)) = measured;
        var result = await jobs.ResultAsync<EvaluateJobResult>(job, attempt, stop);
        var folder = BlobLayout.ModelFolder(model.Name, model.Version);
        var samples = await publisher.CopyAsync(BlobLayout.Attempt(job.RunId, job.Step, attempt), folder, result.Samples, stop);
        var metrics = await publisher.CommitAsync(BlobLayout.ModelMetrics(model.Name, model.Version), result.Metrics, stop);
        var manifest = new ModelManifest
        {
            Name = model.Name,
            Version = model.Version,
            Dataset = dataset,
            Recipe = request.Validate(),
            Seed = request.Seed,
            Weights = weights,
            Metrics = metrics,
            Samples = samples,
            RunId = runId,
        };
        var registered = await publisher.CommitAsync(BlobLayout.ModelManifest(model.Name, model.Version), manifest, stop);
        await publisher.PointAsync(BlobLayout.ModelChampion(model.Name), new VersionPointer(model.Version, folder), champion => IsBeatenAsync(champion, registered, stop), stop);
        log.Published(folder);
        return registered.Metrics;
    }

    /// <summary>Whether the new model is at least as good as the champion by the figure of its objective, or there is none.</summary>
    /// <remarks>Read from <c>metrics.json</c>, which holds figures alone: a champion of an older recipe format can still be compared.</remarks>
    private async Task<bool> IsBeatenAsync(VersionPointer? champion, ModelManifest challenger, CancellationToken stop)
    {
        if (champion is null || await store.FindJsonAsync<SortedDictionary<string, double>>(BlobLayout.ModelMetrics(challenger.Name, champion.Version), stop) is not { } figures)
            return true;
        var objective = challenger.Recipe.Objective;
        return FigureOfMerit.Of(objective, challenger.Metrics) >= FigureOfMerit.Of(objective, figures);
    }
}

/// <param name="Weights">As they lie in the model's folder.</param>
public sealed record MeasuredModel(string RunId, TrainRequest Request, DatasetRef Dataset, ModelRef Model, StoredFile Weights, FinishedJob Evaluation);
