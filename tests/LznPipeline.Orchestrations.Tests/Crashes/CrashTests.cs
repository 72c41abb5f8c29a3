using System.Net;
using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using LznPipeline.Testing;
using Xunit.Abstractions;

namespace LznPipeline.Orchestrations.Tests.Crashes;

/// <summary>
/// The pipeline on the real engine, with its processes killed under it.
/// <c>LZN_NIGHTLY=1</c> makes 300 kills of 40 and two minutes of an outage of eight seconds.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    private const string First = "first";
    private const string Second = "second";
    private const int KillsPerRun = 8;

    private static readonly bool IsNightly = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LZN_NIGHTLY"));
    private static readonly int Kills = IsNightly ? 300 : 40;
    private static readonly TimeSpan Outage = IsNightly ? TimeSpan.FromMinutes(2) : TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The least that the durable extension allows for messages which a host has in hand: those of a killed one stay hidden so long.</summary>
    private static readonly TimeSpan MinVisibility = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, FakeSource> _sources = [];

    [Fact]
    public async Task Runs_HostWorkerJobsAndStorageKilledAtRandom_EndRightWithEachResultOnce()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var machine = await Machine.StartAsync(First);
        var runs = new List<string>();

        for (var kill = 0; kill < Kills; kill++)
        {
            if (kill % KillsPerRun == 0)
                runs.Add(await StartAsync(machine.Host));
            await Task.Delay(random.Next(1000));        // a random moment is what this is about
            await KillAsync(machine, kill, random);
        }

        foreach (var run in runs)
            await AssertEndsRightAsync(machine.Host, run);
        await Eventually.Becomes(() => machine.Jobs.ToArray(), jobs => jobs.Length == 0);
    }

    [Fact]
    public async Task Runs_StorageHaltedInTheMiddle_GoOnWhenItIsBack()
    {
        await using var machine = await Machine.StartAsync(First);
        var run = await StartAsync(machine.Host, hold: "train");
        await machine.Host.WaitAsync(run, IsTraining);

        await machine.HaltStorageAsync(Outage, async () =>
        {
            using var answer = await machine.Host.Client.GetAsync($"api/runs/{run}");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Contains("Nothing is lost", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        });
        _sources[run].Release("train");

        await AssertEndsRightAsync(machine.Host, run);
    }

    [Fact]
    public async Task Runs_OneOfTwoHostsKilled_GoOnWhenItsMessagesAreSeenAgain()
    {
        await using var machine = await Machine.StartAsync(First, Second);
        var runs = new List<string>();
        foreach (var _ in Enumerable.Range(0, 4))       // ids spread over the hub's partitions, so both hosts have some
            runs.Add(await StartAsync(machine.Host, hold: "train"));
        foreach (var run in runs)
            await machine.Host.WaitAsync(run, IsTraining);

        var (killed, killedAt) = (TimeProvider.System.GetTimestamp(), DateTimeOffset.UtcNow);
        await machine.KillHostAsync(First);
        foreach (var run in runs)
            await Eventually.BecomesAsync(() => machine.Host.InstancesAsync(run), seen => seen.Any(instance => instance.LastUpdatedTime > killedAt), Patience);
        var moved = TimeProvider.System.GetElapsedTime(killed);
        foreach (var source in _sources.Values)
            source.Release("train");

        output.WriteLine($"all runs went on {moved.TotalSeconds:F1} s after the kill");
        Assert.InRange(moved, TimeSpan.Zero, MinVisibility + TimeSpan.FromSeconds(15));
        foreach (var run in runs)
            await AssertEndsRightAsync(machine.Host, run);
    }

    public void Dispose()
    {
        foreach (var source in _sources.Values)
            Directory.Delete(Path.GetDirectoryName(source.Images)!, recursive: true);
    }

    private async Task KillAsync(Machine machine, int kill, Random random)
    {
        switch (kill % 10)
        {
            case 0 or 3 or 6:
                await machine.KillHostAsync(First);
                await machine.StartHostAsync(First);
                break;
            case 9:
                await machine.KillStorageAsync();
                break;
            case 1 or 4 or 7 when machine.KillWorker(First):
                break;
            default:
                var jobs = machine.Jobs.ToArray();
                if (jobs.Length > 0)
                    Machine.Kill(jobs[random.Next(jobs.Length)]);
                break;
        }
    }

    /// <summary>Starts a run of its own dataset and model.</summary>
    private async Task<string> StartAsync(PipelineHost host, string? hold = null)
    {
        var (source, name) = (FakeSource.Create(), $"c{Guid.NewGuid():N}"[..13]);
        if (hold is not null)
            source.Hold(hold);
        var request = new { name, dataset = new { name, source = source.Images }, imagesPerPart = 1000 };
        var run = await PipelineHost.PatientlyAsync(() => host.TrainAsync(request), _ => true, Patience);
        _sources[run] = source;
        return run;
    }

    private static bool IsTraining(RunDetail run) =>
        run.Steps.Any(step => step is { Name: RunSteps.Train, Job: { State: JobState.Running, LastCheckpoint: not null } });

    /// <summary>The run completes; what it published is there once, whole, and nothing beside it; and no attempt ran twice.</summary>
    private async Task AssertEndsRightAsync(PipelineHost host, string runId)
    {
        var run = await PipelineHost.PatientlyAsync(() => host.GetAsync(runId), seen => seen.Status is "Completed" or "Failed" or "Terminated", Patience);

        Assert.True(run.Status == "Completed", run.Failure);
        var result = run.Result!;       // a completed run has one
        var manifest = await host.Store.ReadJsonAsync<EmbeddingManifest>($"{result.Embeddings.Folder}/{BlobLayout.EmbeddingManifest}", default);
        Assert.Equal((FakeWork.TrainShards + 1) * FakeWork.ImagesPerShard, manifest.Rows);
        Assert.NotEmpty(manifest.Parts);
        foreach (var part in manifest.Parts)
        {
            await using var content = await host.Store.OpenReadAsync($"{result.Embeddings.Folder}/{part.File.Name}", default);
            Assert.Equal(part.File.Sha256, await ContentHash.Sha256Async(content, default));
        }

        var published = await host.ListAsync($"embeddings/{result.Dataset.Name}/");
        Assert.Equal(
            manifest.Parts.Select(part => $"{result.Embeddings.Folder}/{part.File.Name}").Order(StringComparer.Ordinal),
            published.Where(name => name.EndsWith(".parquet", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Single(await host.ListAsync($"models/{result.Model.Name}/"), name => name.EndsWith("model.json", StringComparison.Ordinal));
        var attempts = _sources[runId].Begun.Select(line => string.Join(' ', line.Split(' ')[..2])).ToArray();
        Assert.NotEmpty(attempts);
        Assert.Equal(attempts.Distinct(StringComparer.Ordinal), attempts);
    }
}
