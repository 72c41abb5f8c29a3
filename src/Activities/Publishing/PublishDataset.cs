using LznPipeline.Activities.Jobs;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Publishing;

/// <summary>Makes a prepared dataset visible: shards once each, the manifest after all of them, then the pointer. Whoever comes second finds it done.</summary>
public sealed class PublishDataset(JobBook jobs, Publisher publisher, ILogger<PublishDataset> log)
{
    [Function(nameof(PublishDataset))]
    public async Task RunAsync([ActivityTrigger] FinishedJob finished, CancellationToken stop)
    {
        var (job, attempt) = finished;
        var dataset = (await jobs.ReadAsync<PrepareJob>(job, stop)).Dataset;
        var made = (await jobs.ResultAsync<PrepareJobResult>(job, attempt, stop)).Manifest;
        if (made.Name != dataset.Name || made.Version != dataset.Version)
            throw new InvalidDataException($"The job was to make dataset {dataset.Name}/{dataset.Version}, but its result says {made.Name}/{made.Version}.");

        var (from, folder) = (BlobLayout.Attempt(job.RunId, job.Step, attempt), BlobLayout.DatasetFolder(dataset.Name, dataset.Version));
        var splits = new SortedDictionary<string, DatasetSplit>(StringComparer.Ordinal);
        foreach (var (name, split) in made.Splits)
        {
            var files = await publisher.CopyAsync(from, folder, [.. split.Shards.Select(shard => shard.File)], stop);
            splits[name] = split with { Shards = [.. split.Shards.Zip(files, (shard, file) => shard with { File = file })] };
        }

        await publisher.CommitAsync(BlobLayout.DatasetManifest(dataset.Name, dataset.Version), made with { Splits = splits }, stop);
        await publisher.PointAsync(BlobLayout.DatasetCurrent(dataset.Name), new VersionPointer(dataset.Version, folder), stop);
        log.Published(folder);
    }
}
