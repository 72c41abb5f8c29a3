using System.Text.Json.Serialization;
using LznPipeline.Shared.Hashing;
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

    /// <summary>In place of the recipe's <c>evaluation.images.featureNetwork</c>; null for that.</summary>
    public FeatureNetworkRecipe? FeatureNetwork { get; init; }
}

/// <summary>Embeds some shards of a dataset into one parquet part.</summary>
/// <param name="Model">The registered model.</param>
/// <param name="WeightsSha256">Checked before the first image: vectors of two models are never mixed.</param>
/// <param name="Part">Index of the part among those of this dataset and model.</param>
/// <param name="Shards">Shard names as in the dataset's manifest, in order.</param>
public sealed record EmbedJob(string RunId, string Step, DatasetRef Dataset, ModelRef Model, string WeightsSha256, int Part, string[] Shards) : JobSpec(RunId, Step)
{
    public override string Verb => "embed";
}
