using System.Diagnostics;
using LznPipeline.Cli.Hosting;
using LznPipeline.GpuJob.Commands;
using LznPipeline.GpuJob.Devices.Launch;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Benchmarks;

/// <summary>
/// CIFAR-10 in a folder store, on which presets are trained and evaluated by the jobs that the pipeline starts. Reports and pictures stay in <c>.lzn/bench</c>.
/// </summary>
internal sealed class CaseStudy
{
    private const string Prepare = "prepare";
    private const string Train = "train";
    private const string Evaluate = "evaluate";
    private static readonly DatasetRef Cifar10 = new("cifar10", "v1");

    private readonly string _folder;
    private readonly FolderArtifactStore _store;

    private CaseStudy(string folder) => (_folder, _store) = (folder, new FolderArtifactStore(folder));

    /// <summary>
    /// Prepares the images of cifar10-train.tar and cifar10-test.tar,
    /// which lie in the folder <c>LZN_DATA_DIR</c> or in <c>shared/data</c> beside the repository.
    /// </summary>
    internal static async Task<CaseStudy> OpenAsync(string name, CancellationToken stop)
    {
        var source = Environment.GetEnvironmentVariable("LZN_DATA_DIR") ?? Path.Combine(Repository.Root, "..", "shared", "data");
        if (!File.Exists(Path.Combine(source, "cifar10-train.tar")) || !File.Exists(Path.Combine(source, "cifar10-test.tar")))
            throw new InvalidOperationException(
                $"There is no cifar10-train.tar or cifar10-test.tar in '{source}'. Put tars of split/class/NAME.jpg there, or set LZN_DATA_DIR.");
        var folder = Path.Combine(Repository.State, "bench", name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        var study = new CaseStudy(Directory.CreateDirectory(folder).FullName);
        await study.PublishAsync(new PrepareJob(name, Prepare, Cifar10, new DatasetRequest { Name = Cifar10.Name, Source = Path.GetFullPath(source) }), stop);
        return study;
    }

    /// <summary>Trains a preset and evaluates it.</summary>
    /// <param name="run">Names it in the store.</param> <param name="overrides">Such as <c>training.iterations=300</c>.</param>
    internal async Task<CaseOutcome> RunAsync(string run, string preset, string[] overrides, long seed, CancellationToken stop)
    {
        var problems = new Problems();
        var recipe = Presets.Resolve(preset, RecipeOverrides.Parse(overrides), problems);
        problems.ThrowIfAny();
        var (before, started) = (Processor, Stopwatch.GetTimestamp());
        var trained = (TrainJobResult)await RunAsync(new TrainJob(run, Train, Cifar10, recipe!, seed), stop);         // without problems there is one
        var (processor, elapsed) = (Processor - before, Stopwatch.GetElapsedTime(started));
        var weights = $"{BlobLayout.Attempt(run, Train, 1)}/{trained.Weights.Name}";
        var evaluated = (EvaluateJobResult)await RunAsync(
            new EvaluateJob(run, Evaluate, Cifar10, weights, Seed: 0) { Curves = BlobLayout.JobMetrics(run, Train) }, stop);
        await Console.Error.WriteLineAsync($"report of {run}: {Path.Combine(_folder, BlobLayout.Attempt(run, Evaluate, 1), evaluated.Report.Name)}");
        return new CaseOutcome(processor, elapsed, evaluated.Metrics);
    }

    private static TimeSpan Processor => Process.GetCurrentProcess().TotalProcessorTime;

    private async Task PublishAsync(PrepareJob job, CancellationToken stop)
    {
        var manifest = ((PrepareJobResult)await RunAsync(job, stop)).Manifest;
        var folder = BlobLayout.DatasetFolder(Cifar10.Name, Cifar10.Version);
        Directory.CreateDirectory(Path.Combine(_folder, folder));
        foreach (var split in manifest.Splits.Keys)
            Directory.Move(Path.Combine(_folder, BlobLayout.Attempt(job.RunId, job.Step, 1), split), Path.Combine(_folder, folder, split));
        await _store.CreateJsonAsync(BlobLayout.DatasetManifest(Cifar10.Name, Cifar10.Version), manifest, stop);
    }

    private async Task<JobResult> RunAsync(JobSpec job, CancellationToken stop)
    {
        if (await new JobRunner(_store, job, new GroupLaunch(), Console.Error, JobVerbs.RunAsync).RunAsync(attempt: 1, stop) is not ExitCode.Done)
            throw new InvalidOperationException($"Job {job.Step} of {job.RunId} failed; the reason stands above.");
        return await _store.ReadJsonAsync<JobResult>($"{BlobLayout.Attempt(job.RunId, job.Step, 1)}/result.json", stop);
    }
}

/// <param name="Processor">Time of all processors that training took.</param>
/// <param name="Elapsed">Time by the clock.</param>
/// <param name="Figures">Of the evaluation, by name.</param>
internal sealed record CaseOutcome(TimeSpan Processor, TimeSpan Elapsed, IReadOnlyDictionary<string, double> Figures);
