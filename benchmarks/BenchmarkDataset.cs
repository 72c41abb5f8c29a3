using System.Formats.Tar;
using LznPipeline.GpuJob.Commands;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace LznPipeline.Benchmarks;

/// <summary>A temporary folder with images, and datasets that are prepared from them.</summary>
internal sealed class BenchmarkDataset : IDisposable
{
    private const string RunId = "benchmark";

    private readonly string _root = Directory.CreateTempSubdirectory("lzn-bench-").FullName;
    private readonly FolderArtifactStore _store;

    internal BenchmarkDataset() => _store = new FolderArtifactStore(Path.Combine(_root, "store"));

    internal string Folder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>
    /// The files of cifar10-train.tar, from the folder <c>LZN_DATA_DIR</c> or <c>shared/data</c> beside the repository; null when it is not there.
    /// </summary>
    internal string? Cifar10()
    {
        var folder = Environment.GetEnvironmentVariable("LZN_DATA_DIR") ?? Path.Combine(Cli.Hosting.Repository.Root, "..", "shared", "data");
        var tar = Path.Combine(folder, "cifar10-train.tar");
        if (!File.Exists(tar))
            return null;
        TarFile.ExtractToDirectory(tar, Folder("cifar10"), overwriteFiles: false);
        return Folder("cifar10");
    }

    /// <summary>Prepares all images of a folder.</summary>
    internal async Task<PreparedImages> PrepareAsync(string folder, CancellationToken stop)
    {
        var name = $"{Path.GetFileName(folder)}-{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}";
        var request = new DatasetRequest { Name = name, Source = folder, TestFraction = 0.001 };
        var job = new PrepareJob(RunId, name, new DatasetRef(name, "v1"), request);
        using var log = new StringWriter();
        if (await new JobRunner(_store, job, new GroupLaunch(), log, JobVerbs.RunAsync).RunAsync(attempt: 1, stop) is not ExitCode.Done)
            throw new InvalidOperationException($"The images of {folder} could not be prepared: {log}");
        var attempt = BlobLayout.Attempt(RunId, name, 1);
        var manifest = ((PrepareJobResult)await _store.ReadJsonAsync<JobResult>($"{attempt}/result.json", stop)).Manifest;
        return new PreparedImages(attempt, manifest);
    }

    /// <summary>Opens prepared images, as training does.</summary>
    internal async Task<PictureSet> OpenAsync(PreparedImages images, ImageRecipe recipe, DataSettings settings, CancellationToken stop)
    {
        var job = new PrepareJob(RunId, Path.GetRandomFileName(), new DatasetRef(images.Manifest.Name, images.Manifest.Version), images.Manifest.Source);
        using var cell = await JobStatusLease.ClaimAsync(_store, job, attempt: 1, stop);
        var context = new JobContext(_store, job, cell, NullLogger.Instance, graceful: stop, abort: stop);
        var index = await ShardIndex.OpenAsync(
            context, images.Folder, images.Manifest.Splits["train"].Shards, images.Manifest.Classes.Length, recipe.ExifOrientation is true, settings);
        return PictureSets.Open(index, recipe, cropped: recipe.Augmentation.RandomResizedCrop is not null, settings, context);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}

/// <param name="Folder">Where the shards lie in the store.</param>
internal sealed record PreparedImages(string Folder, DatasetManifest Manifest);
