using System.Text;
using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Launching;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LznPipeline.Activities.Tests;

/// <summary>The activities of an app over a store, with a launcher that starts nothing. Names are the test's own.</summary>
internal sealed class Pipeline
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly ServiceProvider _services;

    internal Pipeline(ArtifactStore store, string name, FakeLauncher? launcher = null, TimeProvider? clock = null)
    {
        (Store, Name, Launcher) = (store, name, launcher ?? new FakeLauncher());
        var settings = new Dictionary<string, string?>
        {
            [StoreAddress.Setting] = "folder:unused", ["Lzn:GpuJob"] = "/bin/true", ["Lzn:Sources:0"] = Path.GetTempPath(), ["Lzn:Sources:1"] = "blob:uploads/",
        };
        var services = new ServiceCollection().AddLogging();
        if (clock is not null)
            services.AddSingleton(clock);
        services.AddActivities(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        _services = services.AddSingleton(store).AddSingleton<IGpuJobLauncher>(Launcher).BuildServiceProvider();
    }

    internal ArtifactStore Store { get; }

    internal string Name { get; }

    internal FakeLauncher Launcher { get; }

    internal DatasetRef Dataset => new(Name, "0123456789abcdef");

    internal ModelRef Model => new(Name, "fedcba9876543210");

    internal TrainRequest Request => TrainRequest.Parse($$"""{ "name": "{{Name}}", "dataset": { "name": "{{Name}}", "source": "/data" } }""");

    /// <summary>The same names over another view of the store.</summary>
    internal Pipeline Over(ArtifactStore store) => new(store, Name, Launcher);

    internal T Activity<T>() => ActivatorUtilities.CreateInstance<T>(_services);

    internal async Task<JobRef> BookAsync(JobSpec job) => await Activity<JobBook>().WriteAsync(job, Stop);

    /// <summary>What a job would have written: outputs, result, and a status that says done.</summary>
    internal async Task<FinishedJob> FinishAsync(JobSpec job, Func<Func<string, string, Task<StoredFile>>, Task<JobResult>> work, int attempt = 1)
    {
        var reference = await BookAsync(job);
        var folder = BlobLayout.Attempt(reference.RunId, reference.Step, attempt);
        var result = await work((name, text) => WriteAsync(folder, name, text));
        await Store.CreateJsonAsync($"{folder}/result.json", result, Stop);
        var done = new JobStatus { Attempt = attempt, State = JobState.Done, UpdatedAt = DateTimeOffset.UnixEpoch };
        await Store.ReplaceJsonAsync(BlobLayout.JobStatus(reference.RunId, reference.Step), done, etag: null, Stop);
        return new FinishedJob(reference, attempt);
    }

    internal Task<FinishedJob> PreparedAsync(string runId = "run") => FinishAsync(
        new PrepareJob(Run(runId), "prepare", Dataset, Request.Dataset),
        async write => new PrepareJobResult(new DatasetManifest
        {
            Name = Dataset.Name,
            Version = Dataset.Version,
            Source = Request.Dataset,
            Classes = ["a", "b"],
            Splits = new SortedDictionary<string, DatasetSplit>
            {
                ["train"] = new(30, [15, 15], [await ShardAsync(write, "train", 0), await ShardAsync(write, "train", 1), await ShardAsync(write, "train", 2)]),
                ["test"] = new(10, [5, 5], [await ShardAsync(write, "test", 0)]),
            },
            Skipped = [],
        }));

    internal Task<FinishedJob> TrainedAsync(string weights, string runId = "run") => FinishAsync(
        new TrainJob(Run(runId), "train", Dataset, Request.Validate(), Seed: 0),
        async write => new TrainJobResult(await write("model.safetensors", weights), 10, 0.5, 100, 1));

    internal static readonly PrimaryMetric ByAccuracy = new(MetricNames.Accuracy, LowerIsBetter: false, MeasuredWith: null);

    internal Task<FinishedJob> EvaluatedAsync(double value, string runId = "run", PrimaryMetric? decides = null, JobRef? training = null) => FinishAsync(
        new EvaluateJob(Run(runId), "evaluate", Dataset, BlobLayout.ModelWeights(Model.Name, Model.Version), Seed: 0) { Training = training },
        async write => new EvaluateJobResult(
            new SortedDictionary<string, double> { [(decides ?? ByAccuracy).Name] = value },
            decides ?? ByAccuracy,
            await write(BlobLayout.ReportFile, $"report of {runId}"),
            [await write("samples/by-class.png", "picture")]));

    internal Task<FinishedJob> EmbeddedAsync(int part, string[] shards, EmbeddingIdentity identity, long? rows = null) => FinishAsync(
        new EmbedJob(Run("run"), $"embed-{part:D5}", Dataset, Model, identity.WeightsSha256, part, shards),
        async write => new EmbedJobResult(await write("part.parquet", $"vectors of {string.Join(' ', shards)}"), rows ?? 10 * shards.Length, identity));

    internal EmbeddingIdentity IdentityOf(string weightsSha256) => new(Model, weightsSha256, ContentHash.Sha256("resize"u8), 64, "float32", "none");

    internal string Run(string runId) => $"{Name}-{runId}";

    /// <summary>Name and content of everything below a prefix.</summary>
    internal async Task<SortedDictionary<string, string>> SnapshotAsync(string prefix)
    {
        var snapshot = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var name in Store.ListAsync(prefix, Stop))
            snapshot[name] = (await Store.FindAsync(name, Stop))!.Content.ToString();
        return snapshot;
    }

    private static async Task<DatasetShard> ShardAsync(Func<string, string, Task<StoredFile>> write, string split, int index) =>
        new(await write(BlobLayout.Shard(split, index), $"images of {split} {index}"), 10);

    private async Task<StoredFile> WriteAsync(string folder, string name, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        using var stream = new MemoryStream(content);
        await Store.WriteAsync($"{folder}/{name}", stream, Stop);
        return new StoredFile(name, content.Length, ContentHash.Sha256(content));
    }
}
