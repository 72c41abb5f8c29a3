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
/// Finds the dataset that a request means, or describes the job that makes it. The version is the hash of all that goes in: asked again, it says the same.
/// </summary>
public sealed class PlanDataset(ArtifactStore store, SourceFingerprint fingerprint, Publisher publisher, JobBook jobs, Lineage lineage)
{
    [Function(nameof(PlanDataset))]
    public async Task<DatasetPlan> RunAsync([ActivityTrigger] RunRequest run, CancellationToken stop)
    {
        var request = run.Request.Dataset;
        var madeFrom = await IngredientsAsync(request, stop);
        var dataset = new DatasetRef(request.Name, ContentHash.Version(madeFrom));
        var (reused, why) = await FindAsync(dataset, stop);
        await lineage.RecordAsync(
            run.RunId, new StepLineage(RunSteps.Prepare, reused, BlobLayout.DatasetFolder(dataset.Name, dataset.Version), why, madeFrom), stop);
        return new DatasetPlan(dataset, reused ? null : await jobs.WriteAsync(new PrepareJob(run.RunId, RunSteps.Prepare, dataset, request), stop));
    }

    /// <remarks>The path of the source is none of them: the same images elsewhere are the same dataset.</remarks>
    private async Task<SortedDictionary<string, string>> IngredientsAsync(DatasetRequest request, CancellationToken stop) => new(StringComparer.Ordinal)
    {
        ["source"] = await fingerprint.OfAsync(
            request.Source,
            "dataset.source",
            "a folder, an archive (tar, zip, 7z) or a parquet file that is there and can be read by this app and its jobs, "
            + "or blob:NAME of such a file in the container",
            stop),
        ["classes"] = request.Classes is { } chosen ? string.Join('\n', chosen.Order(StringComparer.Ordinal)) : "all",
        ["maxImages"] = request.MaxImages is { } most ? $"{most}" : "all",
        ["testFraction"] = $"{request.TestFraction:R}",
        ["onBadImage"] = $"{request.OnBadImage}",
        ["prepareCode"] = $"{CodeVersions.Prepare}",
    };

    private async Task<(bool Reused, string Why)> FindAsync(DatasetRef dataset, CancellationToken stop)
    {
        var folder = BlobLayout.DatasetFolder(dataset.Name, dataset.Version);
        var name = BlobLayout.DatasetManifest(dataset.Name, dataset.Version);
        if (await store.FindJsonAsync<DatasetManifest>(name, stop) is not { } manifest)
            return (false, "No dataset was made from these images with these settings before.");
        var shards = manifest.Splits.Values.SelectMany(split => split.Shards).Select(shard => shard.File).ToArray();
        if (await publisher.FindDamageAsync(folder, shards, read: false, stop) is { } damage)
        {
            await publisher.WithdrawAsync(folder, damage, [name], stop);
            return (false, $"It was made before, but {damage}. It is made again.");
        }

        await publisher.PointAsync(BlobLayout.DatasetCurrent(dataset.Name), new VersionPointer(dataset.Version, folder), stop);
        return (true, $"Images, settings and code are those of an earlier dataset; its {shards.Length} shards are there with their lengths.");
    }
}

/// <param name="Job">Makes the dataset; null when it is there.</param>
public sealed record DatasetPlan(DatasetRef Dataset, JobRef? Job);
