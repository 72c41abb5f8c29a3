using LznPipeline.Activities.Jobs;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;

namespace LznPipeline.Activities.Publishing;

/// <summary>
/// Publishes one parquet part after its identity was checked against the registry: the file once, then its record. Whoever comes second finds it done.
/// </summary>
public sealed class PublishPart(ArtifactStore store, JobBook jobs, Publisher publisher)
{
    [Function(nameof(PublishPart))]
    public async Task RunAsync([ActivityTrigger] FinishedJob finished, CancellationToken stop)
    {
        var (job, attempt) = finished;
        var spec = await jobs.ReadAsync<EmbedJob>(job, stop);
        var folder = BlobLayout.EmbeddingFolder(spec.Dataset.Name, spec.Dataset.Version, spec.Model.Name, spec.Model.Version);
        var record = BlobLayout.In(folder, BlobLayout.EmbeddingPartRecord(spec.Part));
        if (await store.LengthAsync(record, stop) is not null)
            return;

        var result = await jobs.ResultAsync<EmbedJobResult>(job, attempt, stop);
        var registered = await store.ReadJsonAsync<ModelManifest>(BlobLayout.ModelManifest(spec.Model.Name, spec.Model.Version), stop);
        if (result.Identity.Model != spec.Model || result.Identity.WeightsSha256 != registered.Weights.Sha256)
        {
            throw new InvalidDataException(
                $"Part {spec.Part} was made by {result.Identity.Model} with weights {result.Identity.WeightsSha256}, "
                + $"but registered is {spec.Model} with weights {registered.Weights.Sha256}. Vectors of two models are never mixed.");
        }

        var from = BlobLayout.In(BlobLayout.Attempt(job.RunId, job.Step, attempt), result.Part.Name);
        var file = await publisher.CopyAsync(from, folder, result.Part with { Name = BlobLayout.EmbeddingPart(spec.Part) }, stop);
        await store.CreateJsonAsync(record, new EmbeddingPartRecord(new EmbeddingPart(file, result.Rows), result.Identity), stop);
    }
}
