using LznPipeline.Shared.Requests;

namespace LznPipeline.Shared.Manifests;

/// <summary>What a dataset is: <c>datasets/{name}/{version}/manifest.json</c>, written last, so a dataset with a manifest is whole.</summary>
public sealed record DatasetManifest
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>What it was made from.</summary>
    public required DatasetRequest Source { get; init; }

    /// <summary>Class names; a label is an index into them.</summary>
    public required string[] Classes { get; init; }

    /// <summary><c>train</c> and <c>test</c>.</summary>
    public required SortedDictionary<string, DatasetSplit> Splits { get; init; }

    /// <summary>
    /// Images that could not be decoded and were left out, by path, with the reason; empty unless <see cref="DatasetRequest.OnBadImage"/> is skip.
    /// </summary>
    public required SkippedImage[] Skipped { get; init; }

    /// <summary>Files of the source that are no part of it, counted by their ending, and <c>links</c>, which are not followed.</summary>
    public SortedDictionary<string, long> LeftOut { get; init; } = new(StringComparer.Ordinal);
}

/// <param name="ImagesPerClass">Counts in the order of the manifest's classes.</param>
public sealed record DatasetSplit(long Images, long[] ImagesPerClass, DatasetShard[] Shards);

/// <summary>A WebDataset tar: for each sample KEY.jpg (or another image's ending), KEY.cls (the label as text) and KEY.json (its source path).</summary>
public sealed record DatasetShard(StoredFile File, long Images);

public sealed record SkippedImage(string Path, string Reason);

/// <summary>Published embeddings: <c>_manifest.json</c> beside the parts, written after all of them.</summary>
public sealed record EmbeddingManifest
{
    public required DatasetRef Dataset { get; init; }

    public required EmbeddingIdentity Identity { get; init; }

    public required EmbeddingPart[] Parts { get; init; }

    public required long Rows { get; init; }
}

public sealed record EmbeddingPart(StoredFile File, long Rows);

/// <summary>A published part and what its file says of itself: <c>_parts/part-00000.json</c>.</summary>
public sealed record EmbeddingPartRecord(EmbeddingPart Part, EmbeddingIdentity Identity);

/// <summary>The division of a dataset's shards into parts: <c>_plan.json</c>.</summary>
/// <param name="Parts">For each part its shards, named as in the dataset's manifest.</param>
public sealed record EmbeddingPlan(string[][] Parts);

/// <summary>What makes two vectors comparable. Every parquet file carries it in its metadata, under <c>lzn.identity</c>, as this JSON.</summary>
/// <param name="WeightsSha256">Of the model's weights file.</param>
/// <param name="PreprocessingSha256">Of the preprocessing's description: size, resize, pixel range.</param>
/// <param name="Dimension">Length of every vector.</param>
/// <param name="Dtype">Element type, such as <c>float32</c>.</param>
/// <param name="Normalisation">Such as <c>none</c> or <c>l2</c>.</param>
public sealed record EmbeddingIdentity(ModelRef Model, string WeightsSha256, string PreprocessingSha256, int Dimension, string Dtype, string Normalisation);

/// <summary>A file and how to know that it is whole.</summary>
/// <param name="Name">Relative to the folder of the manifest or result that lists it, with forward slashes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record StoredFile(string Name, long SizeBytes, string Sha256);
