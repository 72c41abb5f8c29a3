namespace LznPipeline.Shared.Storage;

/// <summary>The names of everything in the container: the only place where they are built.</summary>
/// <remarks>
/// <code>
/// datasets/{name}/{version}/manifest.json  {split}/shard-00000.tar    datasets/{name}/current.json
/// models/{name}/{version}/model.safetensors  model.json  metrics.json  report.html  samples/*.png    models/{name}/champion.json
/// runs/{runId}/request.json  lineage/{step}.json
/// runs/{runId}/{step}/job.json  status.json  log.jsonl  attempts/{attempt}/...
/// runs/{runId}/{step}/metrics.csv  events.out.tfevents.{attempt}  checkpoints/{iteration}.safetensors  samples/{iteration}.png    of training
/// embeddings/{dataset}/{datasetVersion}/{model}-{modelVersion}/part-00000.parquet  _manifest.json  _SUCCESS    embeddings/{dataset}/current.json
/// embeddings/.../_plan.json  _parts/part-00000.json    while they are being made
/// </code>
/// The folder of a step with a job ends in a hash of the job's input (see <see cref="Jobs.JobRef"/>), so another input is another job.
/// A job writes only below its own step, and its outputs only below its own attempt; activities publish them. So a job that was given up for
/// dead and wakes up can leave files behind, but never a result.
/// </remarks>
public static class BlobLayout
{
    /// <summary>The container that holds it all.</summary>
    public const string Container = "lzn";

    /// <summary>A file in a folder of a dataset, a model, embeddings or an attempt, by the name that a manifest or a result gives it.</summary>
    public static string In(string folder, string file) => $"{folder}/{file}";

    public static string DatasetFolder(string name, string version) => $"datasets/{name}/{version}";

    public static string DatasetManifest(string name, string version) => $"{DatasetFolder(name, version)}/manifest.json";

    public static string DatasetCurrent(string name) => $"datasets/{name}/current.json";

    /// <summary>A shard's name below the dataset's folder, as it stands in the manifest.</summary>
    public static string Shard(string split, int index) => $"{split}/shard-{index:D5}.tar";

    public static string ModelFolder(string name, string version) => $"models/{name}/{version}";

    public static string ModelManifest(string name, string version) => $"{ModelFolder(name, version)}/model.json";

    public static string ModelWeights(string name, string version) => $"{ModelFolder(name, version)}/model.safetensors";

    public static string ModelMetrics(string name, string version) => $"{ModelFolder(name, version)}/metrics.json";

    /// <summary>The evaluation's page, below the model's folder and below the attempt that wrote it.</summary>
    public const string ReportFile = "report.html";

    public static string ModelChampion(string name) => $"models/{name}/champion.json";

    public static string RunRequest(string runId) => $"runs/{runId}/request.json";

    public static string RunFolder(string runId) => $"runs/{runId}";

    /// <summary>What a step made or reused, and why.</summary>
    public static string Lineage(string runId, string step) => $"{RunFolder(runId)}/lineage/{step}.json";

    public static string StepFolder(string runId, string step) => $"runs/{runId}/{step}";

    /// <summary>Last part of a job's blob name.</summary>
    public const string JobFile = "job.json";

    public static string Job(string runId, string step) => $"{StepFolder(runId, step)}/{JobFile}";

    /// <summary>Last part of the name of a job's status.</summary>
    public const string JobStatusFile = "status.json";

    public static string JobStatus(string runId, string step) => $"{StepFolder(runId, step)}/{JobStatusFile}";

    public static string JobLog(string runId, string step) => $"{StepFolder(runId, step)}/log.jsonl";

    public static string JobMetrics(string runId, string step) => $"{StepFolder(runId, step)}/metrics.csv";

    /// <summary>What an attempt tells TensorBoard, which knows its files by such names and reads those of a folder in their order.</summary>
    public static string JobEvents(string runId, string step, int attempt) => $"{StepFolder(runId, step)}/events.out.tfevents.{attempt:D10}";

    /// <summary>Prefix of all checkpoints of a job, whose names are in the order of their iterations.</summary>
    public static string Checkpoints(string runId, string step) => $"{StepFolder(runId, step)}/checkpoints/";

    public static string Checkpoint(string runId, string step, long iteration) => $"{Checkpoints(runId, step)}{iteration:D9}.safetensors";

    /// <summary>What the model generates after an iteration of its training.</summary>
    public static string JobSamples(string runId, string step, long iteration) => $"{StepFolder(runId, step)}/samples/{iteration:D9}.png";

    /// <summary>Where one attempt of a job puts its outputs and its result.</summary>
    public static string Attempt(string runId, string step, int attempt) => $"{StepFolder(runId, step)}/attempts/{attempt:D3}";

    /// <summary>What an attempt made, in its folder.</summary>
    public const string ResultFile = "result.json";

    public static string JobResult(string runId, string step, int attempt) => In(Attempt(runId, step, attempt), ResultFile);

    public static string EmbeddingFolder(string dataset, string datasetVersion, string model, string modelVersion) =>
        $"embeddings/{dataset}/{datasetVersion}/{model}-{modelVersion}";

    public static string EmbeddingPart(int index) => $"part-{index:D5}.parquet";

    /// <summary>How the shards are divided into parts; written first, and once, so that all who make these embeddings make the same parts.</summary>
    public const string EmbeddingPlan = "_plan.json";

    /// <summary>What a published part is; written after it.</summary>
    public static string EmbeddingPartRecord(int index) => $"_parts/part-{index:D5}.json";

    public const string EmbeddingManifest = "_manifest.json";

    public const string EmbeddingSuccess = "_SUCCESS";

    public static string EmbeddingCurrent(string dataset) => $"embeddings/{dataset}/current.json";
}
