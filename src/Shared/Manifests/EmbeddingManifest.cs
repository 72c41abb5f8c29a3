namespace LznPipeline.Shared.Manifests;

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
