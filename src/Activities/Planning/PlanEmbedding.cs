using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Options;
using LznPipeline.Activities.Publishing;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;

namespace LznPipeline.Activities.Planning;

/// <summary>
/// Says which parts of a dataset's embeddings by a model are still missing, and describes their jobs. Asked again when they are made, it says: none.
/// </summary>
public sealed class PlanEmbedding(ArtifactStore store, Publisher publisher, JobBook jobs, Lineage lineage, LznOptions options)
{
    /// <summary>Parts named at once; more would not fit into a history.</summary>
    private const int PartsPerPlan = 300;

    [Function(nameof(PlanEmbedding))]
    public async Task<MissingParts> RunAsync([ActivityTrigger] EmbeddingInput input, CancellationToken stop)
    {
        var (runId, dataset, model, _) = input;
        var registered = await store.ReadJsonAsync<ModelManifest>(BlobLayout.ModelManifest(model.Name, model.Version), stop);
        var folder = BlobLayout.EmbeddingFolder(dataset.Name, dataset.Version, model.Name, model.Version);
        var (published, why) = await FindAsync(folder, dataset, stop);
        if (input.Record)
            await lineage.RecordAsync(runId, new StepLineage(RunSteps.Embed, published, folder, why, MadeFrom(dataset, model, registered)), stop);
        if (published)
            return new MissingParts([], options.PartsAtOnce);

        var plan = await PlanAsync(folder, input, stop);
        var missing = new List<string>();
        for (var part = 0; part < plan.Parts.Length && missing.Count < PartsPerPlan; part++)
        {
            if (await store.LengthAsync(BlobLayout.In(folder, BlobLayout.EmbeddingPartRecord(part)), stop) is null)
                missing.Add((await jobs.WriteAsync(
                    new EmbedJob(runId, RunSteps.EmbedPart(part), dataset, model, registered.Weights.Sha256, part, plan.Parts[part]), stop)).Step);
        }

        return new MissingParts([.. missing], options.PartsAtOnce);
    }

    private static SortedDictionary<string, string> MadeFrom(DatasetRef dataset, ModelRef model, ModelManifest registered) => new(StringComparer.Ordinal)
    {
        ["dataset"] = $"{dataset.Name}/{dataset.Version}",
        ["model"] = $"{model.Name}/{model.Version}",
        ["weights"] = registered.Weights.Sha256,
        ["embedCode"] = $"{CodeVersions.Embed}",
    };

    private async Task<(bool Published, string Why)> FindAsync(string folder, DatasetRef dataset, CancellationToken stop)
    {
        var name = BlobLayout.In(folder, BlobLayout.EmbeddingManifest);
        if (await store.FindJsonAsync<EmbeddingManifest>(name, stop) is not { } manifest)
            return (false, "This model has not embedded all of this dataset yet.");
        if (await publisher.FindDamageAsync(folder, manifest.Parts.Select(part => part.File), read: false, stop) is { } damage)
        {
            var part = Array.FindIndex(manifest.Parts, part => damage.Blob.EndsWith(part.File.Name, StringComparison.Ordinal));
            await publisher.WithdrawAsync(
                folder, damage, [BlobLayout.In(folder, BlobLayout.EmbeddingSuccess), name, BlobLayout.In(folder, BlobLayout.EmbeddingPartRecord(part))], stop);
            return (false, $"They were published before, but {damage}. That part is made again.");
        }

        await publisher.PointAsync(BlobLayout.EmbeddingCurrent(dataset.Name), new VersionPointer(dataset.Version, folder), stop);
        return (true, $"This model has embedded this dataset; {manifest.Parts.Length} parts with {manifest.Rows} rows are there with their lengths.");
    }

    /// <summary>The first who plans decides; later ones with another wish for the size of parts follow.</summary>
    private async Task<EmbeddingPlan> PlanAsync(string folder, EmbeddingInput input, CancellationToken stop)
    {
        var name = BlobLayout.In(folder, BlobLayout.EmbeddingPlan);
        if (await store.FindJsonAsync<EmbeddingPlan>(name, stop) is { } earlier)
            return earlier;
        var dataset = await store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(input.Dataset.Name, input.Dataset.Version), stop);
        return await publisher.CommitAsync(name, new EmbeddingPlan([.. Group(dataset, input.ImagesPerPart)]), stop);
    }

    /// <summary>Whole shards, in order, until a part has enough images.</summary>
    internal static IEnumerable<string[]> Group(DatasetManifest dataset, int imagesPerPart)
    {
        var (part, images) = (new List<string>(), 0L);
        foreach (var shard in dataset.Splits.Values.SelectMany(split => split.Shards))
        {
            part.Add(shard.File.Name);
            images += shard.Images;
            if (images < imagesPerPart)
                continue;
            yield return [.. part];
            (part, images) = ([], 0);
        }

        if (part.Count > 0)
            yield return [.. part];
    }
}

/// <param name="ImagesPerPart">At least so many images go into one part.</param>
public sealed record EmbeddingInput(string RunId, DatasetRef Dataset, ModelRef Model, int ImagesPerPart)
{
    /// <summary>False when the same run asks again, after it made what was missing: its lineage keeps the first answer.</summary>
    public bool Record { get; init; } = true;
}

/// <param name="Steps">Jobs to run, by their folders in the run; empty when nothing is missing. There may be more after these.</param>
/// <param name="AtOnce">How many may run at once.</param>
public sealed record MissingParts(string[] Steps, int AtOnce);
