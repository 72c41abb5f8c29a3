using System.Text.Json.Serialization;
using LznPipeline.Shared.Manifests;

namespace LznPipeline.Shared.Jobs;

/// <summary>What an attempt of a job made: the content of <c>result.json</c> in the attempt's folder. References and figures, never data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(PrepareJobResult), "prepare")]
[JsonDerivedType(typeof(TrainJobResult), "train")]
[JsonDerivedType(typeof(EvaluateJobResult), "evaluate")]
[JsonDerivedType(typeof(EmbedJobResult), "embed")]
public abstract record JobResult;

/// <param name="Manifest">The dataset's manifest; its shards lie below the attempt's folder under their own names.</param>
public sealed record PrepareJobResult(DatasetManifest Manifest) : JobResult;

/// <param name="Weights">The model's safetensors file, below the attempt's folder.</param>
/// <param name="Iterations">Iterations in all, over every attempt.</param>
/// <param name="Loss">Mean loss of the last iterations; null when none was left to do.</param>
/// <param name="Seconds">Training time of the last attempt.</param>
public sealed record TrainJobResult(StoredFile Weights, long Iterations, double? Loss, double ImagesPerSecond, double Seconds) : JobResult
{
    /// <summary>Whether the recipe's time budget ended the training before it had all its iterations.</summary>
    public bool OutOfTime { get; init; }
}

/// <param name="Metrics">All figures by name, such as <c>accuracy</c>.</param>
/// <param name="Decides">The figure by which the model is compared with others.</param>
/// <param name="Report">The page that shows it all, below the attempt's folder.</param>
/// <param name="Samples">Pictures and tables beside it, such as <c>samples/by-class.png</c>.</param>
public sealed record EvaluateJobResult(SortedDictionary<string, double> Metrics, DecidingFigure Decides, StoredFile Report, StoredFile[] Samples) : JobResult;

/// <param name="Part">The parquet file, below the attempt's folder.</param>
/// <param name="Identity">What the file says of itself; checked against the registry before it is published.</param>
public sealed record EmbedJobResult(StoredFile Part, long Rows, EmbeddingIdentity Identity) : JobResult;
