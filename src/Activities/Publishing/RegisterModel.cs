using System.Text.Json.Nodes;
using LznPipeline.Activities.Jobs;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Publishing;

/// <summary>
/// Registers a measured model: report, samples and figures once each, <c>model.json</c> after all of them.
/// Whoever comes second gets the figures that are registered.
/// </summary>
public sealed class RegisterModel(ArtifactStore store, JobBook jobs, Publisher publisher, ILogger<RegisterModel> log)
{
    [Function(nameof(RegisterModel))]
    public async Task<SortedDictionary<string, double>> RunAsync([ActivityTrigger] MeasuredModel measured, CancellationToken stop)
    {
        var (runId, request, dataset, model, weights, (job, attempt)) = measured;
        var result = await jobs.ResultAsync<EvaluateJobResult>(job, attempt, stop);
        var folder = BlobLayout.ModelFolder(model.Name, model.Version);
        var made = BlobLayout.Attempt(job.RunId, job.Step, attempt);
        var report = await publisher.CopyAsync(BlobLayout.In(made, result.Report.Name), folder, result.Report with { Name = BlobLayout.ReportFile }, stop);
        var samples = await publisher.CopyAsync(made, folder, result.Samples, stop);
        var metrics = await publisher.CommitAsync(BlobLayout.ModelMetrics(model.Name, model.Version), result.Metrics, stop);
        var manifest = new ModelManifest
        {
            Name = model.Name,
            Version = model.Version,
            Dataset = dataset,
            Recipe = await TrainedAsync(job, stop) ?? request.Validate(),
            Seed = request.Seed,
            Weights = weights,
            Metrics = metrics,
            Primary = result.Primary,
            Report = report,
            Samples = samples,
            RunId = runId,
        };
        var registered = await publisher.CommitAsync(BlobLayout.ModelManifest(model.Name, model.Version), manifest, stop);
        await publisher.PointAsync(
            BlobLayout.ModelChampion(model.Name), new VersionPointer(model.Version, folder), champion => IsBeatenAsync(champion, registered, stop), stop);
        log.Published(folder);
        return registered.Metrics;
    }

    /// <summary>
    /// The recipe that the weights were trained with: the request's preset may have changed since.
    /// Null if the evaluation was planned before that was written down.
    /// </summary>
    private async Task<Recipe?> TrainedAsync(JobRef evaluation, CancellationToken stop) =>
        (await jobs.ReadAsync<EvaluateJob>(evaluation, stop)).Training is { } training ? (await jobs.ReadAsync<TrainJob>(training, stop)).Recipe : null;

    /// <summary>Whether the new model is at least as good as the champion by the figure that decides, or there is none to compare with.</summary>
    /// <remarks>
    /// Figures are read from <c>metrics.json</c>, which holds them alone, and of <c>model.json</c> one field: a champion of an older format can still be
    /// compared. A champion that lacks the figure, or whose figure was measured with another network, cannot; then the newer model counts.
    /// </remarks>
    private async Task<bool> IsBeatenAsync(VersionPointer? champion, ModelManifest challenger, CancellationToken stop)
    {
        if (champion is null
            || await store.FindJsonAsync<SortedDictionary<string, double>>(BlobLayout.ModelMetrics(challenger.Name, champion.Version), stop) is not { } figures)
            return true;
        var (name, lowerIsBetter, measuredWith) = challenger.Primary;
        if (!figures.TryGetValue(name, out var holds) || await MeasuredWithAsync(challenger.Name, champion.Version, stop) != measuredWith)
            return true;
        return challenger.Metrics.TryGetValue(name, out var reaches) && (lowerIsBetter ? reaches <= holds : reaches >= holds);
    }

    /// <summary>What a champion's deciding figure was measured with; null as well for one of a format that does not say.</summary>
    private async Task<string?> MeasuredWithAsync(string name, string version, CancellationToken stop)
    {
        var manifest = await store.FindJsonAsync<JsonObject>(BlobLayout.ModelManifest(name, version), stop);
        return (manifest?["decides"] as JsonObject)?["measuredWith"]?.GetValue<string>();
    }
}

/// <param name="Weights">As they lie in the model's folder.</param>
public sealed record MeasuredModel(string RunId, TrainRequest Request, DatasetRef Dataset, ModelRef Model, StoredFile Weights, FinishedJob Evaluation);
