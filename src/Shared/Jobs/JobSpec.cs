using System.Text.Json.Serialization;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;

namespace LznPipeline.Shared.Jobs;

/// <summary>What a GPU job has to do: the content of <c>job.json</c>. Written once; every attempt reads the same.</summary>
/// <param name="RunId">The run it belongs to.</param>
/// <param name="Step">Its folder in the run, see <see cref="JobRef"/>; with the run's id it names the job.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(PrepareJob), "prepare")]
[JsonDerivedType(typeof(TrainJob), "train")]
[JsonDerivedType(typeof(EvaluateJob), "evaluate")]
[JsonDerivedType(typeof(EmbedJob), "embed")]
public abstract record JobSpec(string RunId, string Step)
{
    /// <summary>The verb of <c>lzn-gpu</c> that runs it.</summary>
    [JsonIgnore]
    public abstract string Verb { get; }

    [JsonIgnore]
    public JobRef Ref => new(RunId, Step);

    /// <summary>The same job with a folder of its own: the step's name and a hash of everything that the job is given.</summary>
    public JobSpec Keyed() => this with { Step = $"{Step}-{ContentHash.Version(this)[..JobRef.KeyLength]}" };
}

/// <summary>Reads images from a folder or tar and writes them as WebDataset shards with a manifest.</summary>
/// <param name="Dataset">Name and version to make.</param>
/// <param name="Source">Where the images are, and how to choose and split them.</param>
public sealed record PrepareJob(string RunId, string Step, DatasetRef Dataset, DatasetRequest Source) : JobSpec(RunId, Step)
{
    public override string Verb => "prepare";
}

/// <summary>Trains a model on a dataset; resumes from the step's newest checkpoint.</summary>
public sealed record TrainJob(string RunId, string Step, DatasetRef Dataset, Recipe Recipe, long Seed) : JobSpec(RunId, Step)
{
    public override string Verb => "train";

    /// <summary>What training begins with before the step has a checkpoint of its own; null for new weights.</summary>
    public StartPoint? Start { get; init; }
}

/// <summary>A checkpoint that was made elsewhere.</summary>
/// <param name="Source">A file, or <c>blob:NAME</c>.</param> <param name="Fingerprint">Of its content: another content is another job.</param>
public sealed record StartPoint(string Source, string Fingerprint);

/// <summary>Measures a trained model on a dataset, draws samples and writes a report.</summary>
/// <param name="Weights">Blob name of the model's safetensors file.</param>
public sealed record EvaluateJob(string RunId, string Step, DatasetRef Dataset, string Weights, long Seed) : JobSpec(RunId, Step)
{
    public override string Verb => "evaluate";

    /// <summary>Blob name of the training's metrics.csv, whose curves the report shows; null to leave them out.</summary>
    public string? Curves { get; init; }

    /// <summary>The job that trained the weights; null of weights that no job of this pipeline trained.</summary>
    public JobRef? Training { get; init; }

    /// <summary>In place of the recipe's <c>evaluation.images.featureNetwork</c>; null for that.</summary>
    public FeatureNetworkRecipe? FeatureNetwork { get; init; }
}

/// <summary>Embeds some shards of a dataset into one parquet part.</summary>
/// <param name="Model">The registered model.</param>
/// <param name="WeightsSha256">Checked before the first image: vectors of two models are never mixed.</param>
/// <param name="Part">Index of the part among those of this dataset and model.</param>
/// <param name="Shards">Shard names as in the dataset's manifest, in order.</param>
public sealed record EmbedJob(string RunId, string Step, DatasetRef Dataset, ModelRef Model, string WeightsSha256, int Part, string[] Shards)
    : JobSpec(RunId, Step)
{
    public override string Verb => "embed-part";
}

/// <summary>Names a job: its run, and its folder in the run.</summary>
/// <param name="Step">
/// The step's name and a hash of the job's input, such as <c>train-5f0c91d2</c>. A run that is started anew after its data changed thereby gets a new job,
/// and one that is started anew with the same input goes on where the earlier one ended.
/// </param>
public sealed record JobRef(string RunId, string Step)
{
    internal const int KeyLength = 8;

    /// <summary>The step without the hash, such as <c>train</c> or <c>embed-00003</c>.</summary>
    [JsonIgnore]
    public string Name => NameOf(Step);

    public static string NameOf(string step) => step.Length > KeyLength + 1 && step[^(KeyLength + 1)] == '-' ? step[..^(KeyLength + 1)] : step;
}

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
/// <param name="Primary">The figure by which the model is compared with others.</param>
/// <param name="Report">The page that shows it all, below the attempt's folder.</param>
/// <param name="Samples">Pictures and tables beside it, such as <c>samples/by-class.png</c>.</param>
public sealed record EvaluateJobResult(
    SortedDictionary<string, double> Metrics,
    [property: JsonPropertyName("decides")] PrimaryMetric Primary,
    StoredFile Report,
    StoredFile[] Samples) : JobResult;

/// <param name="Part">The parquet file, below the attempt's folder.</param>
/// <param name="Identity">What the file says of itself; checked against the registry before it is published.</param>
public sealed record EmbedJobResult(StoredFile Part, long Rows, EmbeddingIdentity Identity) : JobResult;
