using System.Buffers.Binary;
using System.Diagnostics;
using System.Formats.Tar;
using System.Text.Json;
using LznPipeline.GpuJob.Commands;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Support;

/// <summary>A store in a temporary folder, with jobs to run in it.</summary>
internal sealed class Workplace : IDisposable
{
    internal const string RunId = "run";
    internal static readonly DatasetRef Dataset = new("stripes", "v1");
    private static readonly string[] ClassNames = ["across", "down", "chess"];

    internal Workplace() => Store = new FolderArtifactStore(Path.Combine(Root, "store"));

    internal string Root { get; } = Directory.CreateTempSubdirectory("lzn-gpu-").FullName;

    internal string StoreAddress => "folder:" + Path.Combine(Root, "store");

    internal FolderArtifactStore Store { get; }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>A recipe of a few thousand parameters for 8 x 8 pictures.</summary>
    internal static Recipe TinyRecipe(params (string Field, string Json)[] set) => TinyRecipe(Objective.Joint, set);

    /// <inheritdoc cref="TinyRecipe(ValueTuple{string, string}[])"/>
    internal static Recipe TinyRecipe(Objective objective, params (string Field, string Json)[] set)
    {
        var (preset, fields) = TinyPreset(objective, set);
        var problems = new Problems();
        var recipe = Presets.Resolve(preset, fields, problems);
        problems.ThrowIfAny();
        return recipe!;
    }

    /// <summary>The preset behind such a recipe, and what is set in it.</summary>
    internal static (string Preset, Dictionary<string, JsonElement> Set) TinyPreset(Objective objective, params (string Field, string Json)[] set)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["image.size"] = "8", ["encoder.latentDimension"] = "6", ["encoder.channels"] = "[8, 16]", ["flow.steps"] = "5",
            ["training.batchSize"] = "8", ["training.iterations"] = "7", ["training.warmupIterations"] = "2", ["training.checkpointEvery"] = "3",
            ["evaluation.batchSize"] = "16",
        };
        if (objective is Objective.Joint)
            fields["labelFlow.steps"] = "10";
        if (objective is Objective.Representation)
            // nearer to the middle of zones, untrained anchors magnify every rounding
            (fields["image.augmentation.randomResizedCrop.size"], fields["contrastive.priorScale"]) = ("8", "0.45");
        if (objective is not Objective.Representation)
        {
            fields["decoder.channels"] = "[8, 16]";
            fields["decoder.conditionDimension"] = "8";
            fields["training.decoderBatchSize"] = "4";
            fields["sampling.steps"] = "3";
            fields["sampling.columns"] = "2";
            fields["evaluation.images.samples"] = "12";
            fields["evaluation.images.reconstructions"] = "3";
        }

        foreach (var (field, json) in set)
        {
            foreach (var replaced in fields.Keys.Where(each => each.StartsWith(field + ".", StringComparison.Ordinal)).ToList())
                fields.Remove(replaced);
            fields[field] = json;
        }

        var preset = objective switch { Objective.Generation => "case1-small", Objective.Representation => "case2-small", _ => "case3-small" };
        return (preset, fields.ToDictionary(pair => pair.Key, pair => JsonElement.Parse(pair.Value)));
    }

    /// <summary>A folder of striped pictures, class/number.png.</summary>
    internal string Source(int perClass = 12, int classes = 2)
    {
        var folder = Path.Combine(Root, "source");
        for (var label = 0; label < classes; label++)
        {
            Directory.CreateDirectory(Path.Combine(folder, ClassNames[label]));
            for (var number = 0; number < perClass; number++)
                File.WriteAllBytes(Path.Combine(folder, ClassNames[label], $"{number:D3}.png"), Pictures.Stripes(label, number));
        }

        return folder;
    }

    /// <summary>A tar with the given entries.</summary>
    internal string Tar(params (string Name, byte[] Content)[] entries)
    {
        var path = Path.Combine(Root, "source.tar");
        using var tar = new TarWriter(File.Create(path));
        foreach (var (name, content) in entries)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        return path;
    }

    internal static DatasetRequest Request(string source) => new() { Name = Dataset.Name, Source = source };

    internal static PrepareJob Prepare(DatasetRequest request, string step = "prepare") => new(RunId, step, Dataset, request);

    internal static TrainJob Train(Recipe recipe, string step = "train") => new(RunId, step, Dataset, recipe, Seed: 5);

    /// <summary>A dataset, prepared but not published.</summary>
    internal async Task<(DatasetManifest Manifest, JobStatus Status)> PreparedAsync(DatasetRequest request)
    {
        var job = Prepare(request);
        Assert.Equal(ExitCode.Done, await RunAsync(job));
        return ((await ResultAsync<PrepareJobResult>(job)).Manifest, await StatusAsync(job));
    }

    /// <summary>Prepares and publishes a dataset as the pipeline does.</summary>
    internal Task<DatasetManifest> PublishDatasetAsync(int perClass = 12, int classes = 2) => PublishAsync(Request(Source(perClass, classes)));

    /// <inheritdoc cref="PublishDatasetAsync"/>
    internal async Task<DatasetManifest> PublishAsync(DatasetRequest request)
    {
        var job = Prepare(request);
        Assert.Equal(ExitCode.Done, await RunAsync(job));
        var manifest = (await ResultAsync<PrepareJobResult>(job)).Manifest;
        foreach (var shard in manifest.Splits.Values.SelectMany(split => split.Shards))
            await Store.CopyAsync(
                $"{BlobLayout.Attempt(RunId, job.Step, 1)}/{shard.File.Name}",
                $"{BlobLayout.DatasetFolder(Dataset.Name, Dataset.Version)}/{shard.File.Name}",
                default);
        await Store.CreateJsonAsync(BlobLayout.DatasetManifest(Dataset.Name, Dataset.Version), manifest, default);
        return manifest;
    }

    /// <summary>Runs a job in this process. An end by a bug of ours is no end that a test asks for: it fails the test with the job's log.</summary>
    internal async Task<int> RunAsync(
        JobSpec job, int? attempt = null, ArtifactStore? store = null, Patience? patience = null, CancellationToken terminate = default)
    {
        using var console = new StringWriter();
        var code = await new JobRunner(
            new PatientStore(store ?? Store, patience ?? Patience.Minutes),
            job,
            new GroupLaunch(),
            TextWriter.Synchronized(console),
            JobVerbs.RunAsync).RunAsync(attempt, terminate);
        Assert.False(code is ExitCode.Bug, $"{console}{(code is ExitCode.Bug ? (await StatusAsync(job)).Failure : null)}");
        return code;
    }

    /// <summary>How to start the program for a job, as a process of its own.</summary>
    internal async Task<ProcessStartInfo> ProgramAsync(JobSpec job, params string[] options)
    {
        var name = BlobLayout.Job(job.RunId, job.Step);
        await Store.CreateJsonAsync(name, job, default);
        string[] arguments = ["exec", Path.Combine(AppContext.BaseDirectory, "lzn-gpu.dll"), job.Verb, "--job", name, "--store", StoreAddress, .. options];
        return new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false };
    }

    internal async Task<T> ResultAsync<T>(JobSpec job, int attempt = 1)
        where T : JobResult => Assert.IsType<T>(await Store.ReadJsonAsync<JobResult>(BlobLayout.JobResult(RunId, job.Step, attempt), default));

    internal Task<JobStatus> StatusAsync(JobSpec job) => Store.ReadJsonAsync<JobStatus>(BlobLayout.JobStatus(RunId, job.Step), default);

    /// <summary>Writes a cell as somebody else does, whoever holds it now.</summary>
    internal async Task SetStatusAsync(JobSpec job, Func<JobStatus, JobStatus> change)
    {
        var name = BlobLayout.JobStatus(RunId, job.Step);
        while (true)
        {
            var cell = (await Store.FindCellAsync<JobStatus>(name, default))!;
            if (await Store.ReplaceJsonAsync(name, change(cell.Value), cell.ETag, default) is not null)
                return;
        }
    }

    /// <summary>A job's rows of metrics.csv below the header, cell by cell.</summary>
    internal async Task<string[][]> MetricsAsync(TrainJob job) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(Root, "store", BlobLayout.JobMetrics(job.RunId, job.Step)))).Skip(1).Select(line => line.Split(','))];

    /// <summary>SHA-256 of a trained model's numbers alone, without the metadata, which has the recipe.</summary>
    internal async Task<string> NumbersAsync(TrainJob job, int attempt = 1)
    {
        var file = await BytesAsync($"{BlobLayout.Attempt(job.RunId, job.Step, attempt)}/{(await ResultAsync<TrainJobResult>(job, attempt)).Weights.Name}");
        return ContentHash.Sha256(file.AsSpan(sizeof(long) + (int)BinaryPrimitives.ReadInt64LittleEndian(file)));
    }

    /// <summary>
    /// Until this ends, nothing can be written under a name, and whoever wants to waits: a folder is in the way.
    /// So a process can be held at a point of its work.
    /// </summary>
    internal IDisposable Obstruct(string name) => new Obstacle(Path.Combine(Root, "store", name));

    internal async Task<string[]> NamesAsync(string prefix) => await Store.ListAsync(prefix, default).ToArrayAsync();

    internal Task<byte[]> BytesAsync(string name) => File.ReadAllBytesAsync(Path.Combine(Root, "store", name));

    private sealed class Obstacle : IDisposable
    {
        private readonly DirectoryInfo _folder;

        internal Obstacle(string path) => _folder = Directory.CreateDirectory(path);

        public void Dispose() => _folder.Delete();
    }
}
