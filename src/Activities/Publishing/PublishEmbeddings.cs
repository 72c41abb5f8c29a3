using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Publishing;

/// <summary>
/// Makes embeddings visible when every part is there: the manifest, once, then <c>_SUCCESS</c>, then the pointer. Whoever comes second gets the same reference.
/// </summary>
public sealed class PublishEmbeddings(ArtifactStore store, Publisher publisher, ILogger<PublishEmbeddings> log)
{
    [Function(nameof(PublishEmbeddings))]
    public async Task<EmbeddingsRef> RunAsync([ActivityTrigger] EmbeddedDataset embedded, CancellationToken stop)
    {
        var (dataset, model) = embedded;
        var folder = BlobLayout.EmbeddingFolder(dataset.Name, dataset.Version, model.Name, model.Version);
        var name = BlobLayout.In(folder, BlobLayout.EmbeddingManifest);
        var manifest = await store.FindJsonAsync<EmbeddingManifest>(name, stop)
            ?? await publisher.CommitAsync(name, await CollectAsync(folder, dataset, stop), stop);
        using var nothing = new MemoryStream();
        await store.CreateAsync(BlobLayout.In(folder, BlobLayout.EmbeddingSuccess), nothing, stop);
        await publisher.PointAsync(BlobLayout.EmbeddingCurrent(dataset.Name), new VersionPointer(dataset.Version, folder), stop);
        log.Published(folder);
        return new EmbeddingsRef(folder, manifest.Parts.Length, manifest.Rows, manifest.Identity.Dimension);
    }

    /// <summary>Lists the parts, once it is certain that each image is in them once, and that one model made all.</summary>
    private async Task<EmbeddingManifest> CollectAsync(string folder, DatasetRef dataset, CancellationToken stop)
    {
        var plan = await store.ReadJsonAsync<EmbeddingPlan>(BlobLayout.In(folder, BlobLayout.EmbeddingPlan), stop);
        var source = await store.ReadJsonAsync<DatasetManifest>(BlobLayout.DatasetManifest(dataset.Name, dataset.Version), stop);
        var images = source.Splits.Values.SelectMany(split => split.Shards).ToDictionary(shard => shard.File.Name, shard => shard.Images);
        var records = new EmbeddingPartRecord[plan.Parts.Length];
        for (var part = 0; part < records.Length; part++)
        {
            records[part] = await store.ReadJsonAsync<EmbeddingPartRecord>(BlobLayout.In(folder, BlobLayout.EmbeddingPartRecord(part)), stop);
            var expected = plan.Parts[part].Sum(shard => images[shard]);
            if (records[part].Part.Rows != expected)
                throw new InvalidDataException(
                    $"{folder}/{BlobLayout.EmbeddingPart(part)} has {records[part].Part.Rows} rows, but its shards have {expected} images.");
            if (records[part].Identity != records[0].Identity)
                throw new InvalidDataException(
                    $"{folder}/{BlobLayout.EmbeddingPart(part)} says {records[part].Identity}, but the first part says {records[0].Identity}. "
                    + "Vectors that cannot be compared are never mixed.");
        }

        return new EmbeddingManifest
        {
            Dataset = dataset,
            Identity = records[0].Identity,
            Parts = [.. records.Select(record => record.Part)],
            Rows = records.Sum(record => record.Part.Rows)
        };
    }
}

public sealed record EmbeddedDataset(DatasetRef Dataset, ModelRef Model);
